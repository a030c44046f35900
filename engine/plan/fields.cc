#include "plan/fields.h"

#include "base/error.h"

namespace polder {
namespace {

template <typename T>
const T& as(const Json& json, const std::string& what, std::string_view wanted) {
  const T* value = json.get_if<T>();
  if (value == nullptr) fail(Code::bad_input, "{}: must be {}, not {}", what, wanted, json.kind());
  return *value;
}

}  // namespace

Json to_json(const std::string& text) { return text; }
Json to_json(bool flag) { return flag; }
Json to_json(std::uint64_t count) { return static_cast<std::int64_t>(count); }
Json to_json(int number) { return number; }
Json to_json(const ColumnShape& column) { return Json::List{column.name, to_json(column.type)}; }

void from_json(const Json& json, std::string& text, const std::string& what) {
  text = as<std::string>(json, what, "text");
}

void from_json(const Json& json, bool& flag, const std::string& what) {
  flag = as<bool>(json, what, "true or false");
}

void from_json(const Json& json, std::uint64_t& count, const std::string& what) {
  const auto number = as<std::int64_t>(json, what, "a count");
  if (number < 0) fail(Code::bad_input, "{}: must not be negative", what);
  count = static_cast<std::uint64_t>(number);
}

void from_json(const Json& json, int& number, const std::string& what) {
  const auto value = as<std::int64_t>(json, what, "a number");
  number = static_cast<int>(value);
  if (number != value) fail(Code::bad_input, "{}: is too large", what);
}

void from_json(const Json& json, ColumnShape& column, const std::string& what) {
  const auto& pair = as<Json::List>(json, what, "a list of [name, type]");
  if (pair.size() != 2) fail(Code::bad_input, "{}: a column is [name, type]", what);
  from_json(pair[0], column.name, what);
  from_json(pair[1], column.type, what + " '" + column.name + "'");
}

}  // namespace polder
