#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/error.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::size_t max_depth = 16;

void write(const json::value& value, std::string& out);

void write(const json::object& object, std::string& out) {
  std::vector<std::string_view> keys;
  for (const auto& entry : object) keys.emplace_back(entry.key());
  std::sort(keys.begin(), keys.end());
  out += '{';
  for (const auto key : keys) {
    if (out.back() != '{') out += ',';
    out += json::serialize(json::string(key));
    out += ':';
    write(object.at(key), out);
  }
  out += '}';
}

void write(const json::array& array, std::string& out) {
  out += '[';
  for (const auto& item : array) {
    if (&item != array.begin()) out += ',';
    write(item, out);
  }
  out += ']';
}

void write(const json::value& value, std::string& out) {
  if (value.is_object()) return write(value.get_object(), out);
  if (value.is_array()) return write(value.get_array(), out);
  if (value.is_double()) fail(Code::bad_input, "JSON: numbers must be whole here");
  out += json::serialize(value);
}

/// Members of all objects in a value.
std::size_t members_in(const json::value& value) {
  std::size_t count = 0;
  if (const json::object* const object = value.if_object()) {
    for (const auto& entry : *object) count += 1 + members_in(entry.value());
  } else if (const json::array* const array = value.if_array()) {
    for (const json::value& item : *array) count += members_in(item);
  }
  return count;
}

/// Members of all objects as JSON text writes them: colons outside strings.
std::size_t members_in(std::string_view text) {
  std::size_t count = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else {
      count += !quoted && text[i] == ':';
    }
  }
  return count;
}

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/// Bytes of the UTF-8 character at the front of `text` (RFC 3629); 0 if it is not one.
std::size_t utf8_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
  const bool beyond = lead == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : size;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  const bool c1 =
      character.size() == 2 && first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
  return first < 0x20 || first == 0x7f || c1;
}

}  // namespace

json::object parse_object(std::string_view text, std::string_view what, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    fail(Code::bad_input, "{}: {} bytes; at most {} are accepted", what, text.size(), max_bytes);
  }
  json::parse_options options;
  options.max_depth = max_depth;
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) fail(Code::bad_input, "{}: not JSON ({})", what, error.message());
  if (!value.is_object()) fail(Code::bad_input, "{}: must be a JSON object {{…}}", what);
  if (members_in(value) != members_in(text)) {
    fail(Code::bad_input, "{}: an object has two fields of one name; leave one out", what);
  }
  return std::move(value.get_object());
}

std::string canonical(const json::value& value) {
  std::string out;
  write(value, out);
  return out;
}

std::string canonical(const json::object& object) {
  std::string out;
  write(object, out);
  return out;
}

void check_hex(std::string_view text, std::size_t bytes, std::string_view what) {
  if (text.size() != 2 * bytes || !std::all_of(text.begin(), text.end(), is_hex_digit)) {
    fail(Code::bad_input, "{}: must be {} lower-case hex digits", what, 2 * bytes);
  }
}

void check_name(std::string_view name, std::string_view what) {
  if (name.empty() || name.size() > 128) {
    fail(Code::bad_input, "{}: must have 1 to 128 bytes, not {}", what, name.size());
  }
  while (!name.empty()) {
    const std::size_t size = utf8_character(name);
    if (size == 0 || is_control(name.substr(0, size))) {
      fail(Code::bad_input, "{}: must be UTF-8 without control characters", what);
    }
    name.remove_prefix(size);
  }
}

void check_file_name(std::string_view name, std::string_view what) {
  check_name(name, what);
  if (name.starts_with('.') || name.find('/') != std::string_view::npos) {
    fail(Code::bad_input, "{}: '{}' cannot be a file's name; leave out '/' and a dot in front",
         what, name);
  }
}

const json::value& Fields::at(std::string_view name) {
  const json::value* const value = object_.if_contains(name);
  if (value == nullptr) fail(Code::bad_input, "{}: field '{}' is missing", what_, name);
  asked_.emplace_back(name);
  return *value;
}

std::string Fields::text(std::string_view name, std::size_t max_bytes) {
  const json::string* const text = at(name).if_string();
  if (text == nullptr || text->size() > max_bytes) {
    fail(Code::bad_input, "{}: field '{}' must be a text of at most {} bytes", what_, name,
         max_bytes);
  }
  return std::string(*text);
}

std::string Fields::name(std::string_view name) {
  std::string value = text(name);
  check_name(value, fmt::format("{}: field '{}'", what_, name));
  return value;
}

std::string Fields::hex(std::string_view name, std::size_t bytes) {
  std::string value = text(name);
  check_hex(value, bytes, fmt::format("{}: field '{}'", what_, name));
  return value;
}

std::uint64_t Fields::integer(std::string_view name, std::uint64_t least, std::uint64_t most) {
  boost::system::error_code error;
  const json::value& value = at(name);
  const auto number = value.is_double() ? 0 : value.to_number<std::uint64_t>(error);
  if (value.is_double() || error || number < least || number > most) {
    fail(Code::bad_input, "{}: field '{}' must be a whole number from {} to {}", what_, name, least,
         most);
  }
  return number;
}

bool Fields::truth(std::string_view name) {
  const bool* const value = at(name).if_bool();
  if (value == nullptr) fail(Code::bad_input, "{}: field '{}' must be true or false", what_, name);
  return *value;
}

const json::array& Fields::list(std::string_view name, std::size_t max_items) {
  const json::array* const array = at(name).if_array();
  if (array == nullptr || array->size() > max_items) {
    fail(Code::bad_input, "{}: field '{}' must be a list of at most {}", what_, name, max_items);
  }
  return *array;
}

const json::object& Fields::object(std::string_view name) {
  const json::object* const object = at(name).if_object();
  if (object == nullptr) fail(Code::bad_input, "{}: field '{}' must be an object", what_, name);
  return *object;
}

std::vector<std::string> Fields::texts(std::string_view name, std::size_t max_items) {
  std::vector<std::string> out;
  for (const json::value& item : list(name, max_items)) {
    const json::string* const text = item.if_string();
    if (text == nullptr || text->size() > 4096) {
      fail(Code::bad_input, "{}: field '{}' must be a list of short texts", what_, name);
    }
    out.emplace_back(*text);
  }
  return out;
}

void Fields::done() const {
  for (const auto& entry : object_) {
    if (std::find(asked_.begin(), asked_.end(), std::string_view(entry.key())) == asked_.end()) {
      fail(Code::bad_input, "{}: a field is unknown here; known ones are {}", what_,
           fmt::join(asked_, ", "));
    }
  }
}

}  // namespace polder
