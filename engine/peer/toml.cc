#include "peer/toml.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <string>

#include "base/error.h"

namespace polder {
namespace json = boost::json;
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }

class Reader {
 public:
  Reader(std::string_view text, std::string_view what) : rest_(text), what_(what) {}

  json::object read() {
    json::object all;
    json::object* into = &all;
    while (!rest_.empty()) {
      skip_blanks();
      if (take("[[")) {
        into = &new_table(all);
      } else if (!at_end_of_line()) {
        read_pair(*into);
      }
      end_line();
    }
    return all;
  }

 private:
  [[noreturn]] void refuse(std::string_view why) const {
    fail(Code::bad_input, "{}, line {}: {}", what_, line_, why);
  }

  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
  }

  bool at_end_of_line() const {
    return rest_.empty() || rest_[0] == '\n' || rest_[0] == '#' || rest_.starts_with("\r\n");
  }

  void end_line() {
    skip_blanks();
    if (!at_end_of_line()) refuse("one key and its value on a line, and nothing behind them");
    if (rest_.starts_with('#')) rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    take("\r");
    if (take("\n")) ++line_;
  }

  std::string_view read_key() {
    const auto end = std::ranges::find_if_not(rest_, is_bare);
    const auto key = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    if (key.empty()) refuse("a key of letters, digits, '_' and '-' is due");
    rest_.remove_prefix(key.size());
    return key;
  }

  json::object& new_table(json::object& all) {
    const std::string_view name = read_key();
    if (!take("]]")) refuse("']]' is due behind a table's name");
    json::value& list = all[name];
    if (list.is_null()) list = json::array();
    if (!list.is_array()) refuse("this name is that of a value already");
    list.get_array().push_back(json::object());
    return list.get_array().back().get_object();
  }

  void read_pair(json::object& into) {
    const std::string_view key = read_key();
    skip_blanks();
    if (!take("=")) refuse("'=' is due behind a key");
    skip_blanks();
    if (into.contains(key)) refuse("this key was there before");
    into[key] = read_value();
  }

  json::value read_value() {
    if (take("\"\"\"")) return json::value(read_long_text());
    if (take("\"")) return json::value(read_text());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc()) refuse("a text in double quotes or a whole number is due");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return json::value(number);
  }

  std::string read_text() {
    std::string text;
    while (!take("\"")) {
      if (rest_.empty() || is_control(rest_[0])) refuse("a text has no end on its line");
      text += read_character();
    }
    return text;
  }

  std::string read_long_text() {
    std::string text;
    take("\r");
    if (take("\n")) ++line_;
    while (!take("\"\"\"")) {
      take("\r");
      if (take("\n")) {
        ++line_;
        text += '\n';
        continue;
      }
      if (rest_.empty() || is_control(rest_[0])) refuse("a long text has no end");
      text += read_character();
    }
    return text;
  }

  char read_character() {
    if (take("\\")) {
      if (take("\\")) return '\\';
      if (take("\"")) return '"';
      refuse("of escapes only \\\\ and \\\" are known here");
    }
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }

  std::string_view rest_;
  const std::string_view what_;
  int line_ = 1;
};

}  // namespace

json::object parse_toml(std::string_view text, std::string_view what, std::size_t max_bytes) {
  if (text.size() > max_bytes) fail(Code::bad_input, "{}: longer than {} bytes", what, max_bytes);
  return Reader(text, what).read();
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace polder
