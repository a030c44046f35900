#include "peer/toml.h"

#include <boost/json/array.hpp>
#include <string>

#include "base/error.h"

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace polder {
namespace json = boost::json;
namespace {

json::value convert(const toml::node& node, std::string_view what);

json::object convert_table(const toml::table& table, std::string_view what) {
  json::object object;
  for (const auto& [key, value] : table) object[key.str()] = convert(value, what);
  return object;
}

json::array convert_array(const toml::array& array, std::string_view what) {
  json::array list;
  for (const toml::node& value : array) list.push_back(convert(value, what));
  return list;
}

json::value convert(const toml::node& node, std::string_view what) {
  if (const auto* table = node.as_table()) return convert_table(*table, what);
  if (const auto* array = node.as_array()) return convert_array(*array, what);
  if (const auto* text = node.as_string()) return json::value(text->get());
  if (const auto* number = node.as_integer()) return json::value(number->get());
  fail(Code::bad_input, "{}, line {}: only texts, whole numbers, tables and arrays are known here",
       what, node.source().begin.line);
}

}  // namespace

json::object parse_toml(std::string_view text, std::string_view what, std::size_t max_bytes) try {
  if (text.size() > max_bytes) {
    fail(Code::bad_input, "{}: longer than {} bytes", what, max_bytes);
  }
  return convert_table(toml::parse(text), what);
} catch (const toml::parse_error& error) {
  fail(Code::bad_input, "{}, line {}: {}", what, error.source().begin.line, error.description());
}

}  // namespace polder
