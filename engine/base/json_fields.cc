#include "base/json_fields.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace polder {

JsonFields::JsonFields(const Json& value, std::string what)
    : members_(value.get_if<Json::Object>()), what_(std::move(what)) {
  if (members_ == nullptr)
    fail(Code::bad_input, "{}: must be an object, not {}", what_, value.kind());
}

const Json* JsonFields::find(std::string_view name) {
  asked_.emplace_back(name);
  const auto member = members_->find(name);
  return member == members_->end() ? nullptr : &member->second;
}

const Json& JsonFields::at(std::string_view name) {
  const Json* member = find(name);
  if (member == nullptr) fail(Code::bad_input, "{}: '{}' is missing", what_, name);
  return *member;
}

const std::string& JsonFields::text(std::string_view name) {
  const auto* text = at(name).get_if<std::string>();
  if (text == nullptr) refuse(name, "text");
  return *text;
}

std::int64_t JsonFields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* number = at(name).get_if<std::int64_t>();
  if (number == nullptr || *number < least || *number > most)
    refuse(name, fmt::format("a number from {} to {}", least, most));
  return *number;
}

const Json::List& JsonFields::list(std::string_view name) {
  const auto* list = at(name).get_if<Json::List>();
  if (list == nullptr) refuse(name, "a list");
  return *list;
}

void JsonFields::done() const {
  for (const auto& [name, member] : *members_) {
    if (std::ranges::find(asked_, name) == asked_.end())
      fail(Code::bad_input, "{}: nothing is known of '{}'", what_, name);
  }
}

void JsonFields::refuse(std::string_view name, std::string_view wanted) const {
  fail(Code::bad_input, "{}: '{}' must be {}", what_, name, wanted);
}

std::int64_t decimal_integer(const Json& value, std::string_view what) {
  const auto* digits = value.get_if<std::string>();
  std::int64_t number = 0;
  if (digits != nullptr) {
    const char* end = digits->data() + digits->size();
    if (std::from_chars(digits->data(), end, number).ptr == end &&
        std::to_string(number) == *digits)
      return number;
  }
  fail(Code::bad_input, "{}: must be a whole number as a string, like \"12\"", what);
}

}  // namespace polder
