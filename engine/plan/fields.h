// The fields of an operator: a struct, and a tuple that names its members. From the tuple follow
// how they are read from a plan's text, written into it, and described.
//
//   struct Filter { ... static constexpr auto fields = std::tuple{required("of", &Filter::of),
//                                                                 optional("how", &Filter::how)};
//                                                                 };
//
// A field that is optional is written only where it differs from the struct's own default: one
// spelling for one meaning.
#pragma once

#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/json_fields.h"
#include "plan/names.h"
#include "plan/shape.h"
#include "plan/type.h"

namespace polder {

template <typename Struct, typename T>
struct Field {
  std::string_view name;
  T Struct::*member;
  bool is_required;
};

template <typename Struct, typename T>
constexpr Field<Struct, T> required(std::string_view name, T Struct::*member) {
  return {name, member, true};
}
template <typename Struct, typename T>
constexpr Field<Struct, T> optional(std::string_view name, T Struct::*member) {
  return {name, member, false};
}

// How each kind of value stands in a text. An enumeration has names_of(itself), an array of names.
Json to_json(const std::string& text);
Json to_json(bool flag);
Json to_json(std::uint64_t count);
Json to_json(int number);
Json to_json(const ColumnShape& column);  // ["age",{"int":["0","120"]}]
void from_json(const Json& json, std::string& text, const std::string& what);
void from_json(const Json& json, bool& flag, const std::string& what);
void from_json(const Json& json, std::uint64_t& count, const std::string& what);
void from_json(const Json& json, int& number, const std::string& what);
void from_json(const Json& json, ColumnShape& column, const std::string& what);

template <typename Enum>
requires std::is_enum_v<Enum> Json to_json(Enum value) {
  return names_of(value)[static_cast<std::size_t>(value)];
}

template <typename Enum>
requires std::is_enum_v<Enum>
void from_json(const Json& json, Enum& value, const std::string& what) {
  std::string name;
  from_json(json, name, what);
  value = static_cast<Enum>(index_of_name(name, names_of(value), what));
}

template <typename T>
Json to_json(const std::vector<T>& items) {
  Json::List list;
  for (const T& item : items) list.push_back(to_json(item));
  return list;
}

/// Throws Error bad_input, also if an item is not what it should be.
template <typename T>
void from_json(const Json& json, std::vector<T>& items, const std::string& what) {
  const auto* list = json.get_if<Json::List>();
  if (list == nullptr) fail(Code::bad_input, "{}: must be a list, not {}", what, json.kind());
  items.clear();
  for (const Json& item : *list) from_json(item, items.emplace_back(), what);
}

/// The members of `fields` that a text has.  Throws Error bad_input.
template <typename Struct>
Struct read_fields(JsonFields& json) {
  Struct fields;
  std::apply(
      [&](const auto&... field) {
        [[maybe_unused]] const auto read = [&](const auto& one) {
          const Json* value = one.is_required ? &json.at(one.name) : json.find(one.name);
          if (value == nullptr) return;
          from_json(*value, fields.*one.member, json.what() + ": " + std::string(one.name));
        };
        (read(field), ...);
      },
      Struct::fields);
  json.done();
  return fields;
}

template <typename Struct>
void write_fields(const Struct& fields, Json::Object& json) {
  const Struct defaults;
  std::apply(
      [&](const auto&... field) {
        [[maybe_unused]] const auto write = [&](const auto& one) {
          Json value = to_json(fields.*one.member);
          if (one.is_required || !(value == to_json(defaults.*one.member)))
            json.emplace(one.name, std::move(value));
        };
        (write(field), ...);
      },
      Struct::fields);
}

/// A field as a program sees it: what a method's arguments and a plan's schema are made from.
struct FieldInfo {
  std::string name;
  Json otherwise;  // what it is if left out
  bool is_required;
};

template <typename Struct>
std::vector<FieldInfo> describe_fields() {
  const Struct defaults;
  return std::apply(
      [&](const auto&... field) {
        return std::vector<FieldInfo>{
            {std::string(field.name), to_json(defaults.*field.member), field.is_required}...};
      },
      Struct::fields);
}

/// Of an operator that has none.
struct NoFields {
  static constexpr std::tuple<> fields{};
};

}  // namespace polder
