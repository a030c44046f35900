#include "peer/toml.h"

#include <toml++/toml.h>

#include <boost/json/array.hpp>
#include <sstream>

#include "base/error.h"
#include "net/frame.h"

namespace polder {
namespace json = boost::json;
namespace {

class Reader {
 public:
  explicit Reader(std::string_view what) : what_(what) {}

  json::object read(std::string_view text) const {
    try {
      return object_of(toml::parse(text));
    } catch (const toml::parse_error& error) {
      refuse(error.source(), error.description());
    }
  }

 private:
  [[noreturn]] void refuse(const toml::source_region& at, std::string_view why) const {
    fail(Code::bad_input, "{}, line {}: {}", what_, at.begin.line, why);
  }

  json::object object_of(const toml::table& table) const {
    json::object object;
    for (const auto& [key, node] : table) object[key.str()] = value_of(key.str(), node);
    return object;
  }

  json::value value_of(std::string_view key, const toml::node& node) const {
    if (const toml::table* table = node.as_table()) return object_of(*table);
    if (const toml::array* list = node.as_array()) {
      json::array values;
      for (const toml::node& each : *list) values.push_back(value_of(key, each));
      return values;
    }
    if (const auto* text = node.as_string()) return json::value(text->get());
    if (const auto* number = node.as_integer()) return json::value(number->get());
    if (const auto* yes = node.as_boolean()) return json::value(yes->get());
    refuse(node.source(), fmt::format("'{}' is no text, whole number, yes or no, list or table",
                                      printable(bytes_of(key))));
  }

  const std::string_view what_;
};

}  // namespace

json::object parse_toml(std::string_view text, std::string_view what, std::size_t max_bytes) {
  if (text.size() > max_bytes) fail(Code::bad_input, "{}: longer than {} bytes", what, max_bytes);
  return Reader(what).read(text);
}

std::string toml_text(std::string_view text) {
  const toml::value<std::string> value{std::string(text)};
  std::ostringstream out;
  out << toml::toml_formatter(value, toml::format_flags::allow_unicode_strings);
  return out.str();
}

}  // namespace polder
