// JSON that is hashed and signed: whole numbers only, no key twice, and one spelling for one value.
// What does not fit the 53 bits that every reader of JSON keeps is written as a decimal string.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace polder {

/// A value of JSON. Objects are in byte order of their keys.
class Json {
 public:
  using List = std::vector<Json>;
  using Object = std::map<std::string, Json, std::less<>>;
  static constexpr std::int64_t max_integer = (std::int64_t{1} << 53) - 1;

  Json() = default;
  Json(bool flag) : kind_(Kind::flag), flag_(flag) {}
  Json(std::int64_t number) : kind_(Kind::number), number_(number) {}
  Json(int number) : Json(std::int64_t{number}) {}
  Json(std::string text) : kind_(Kind::text), text_(std::move(text)) {}
  Json(std::string_view text) : Json(std::string(text)) {}
  Json(const char* text) : Json(std::string(text)) {}
  Json(List items) : kind_(Kind::list), list_(std::move(items)) {}
  Json(Object members) : kind_(Kind::object), object_(std::move(members)) {}

  /// The value as a bool, std::int64_t, std::string, List or Object; null if it is of another kind.
  template <typename T>
  const T* get_if() const;
  template <typename T>
  T* get_if() {
    return const_cast<T*>(std::as_const(*this).get_if<T>());
  }
  bool is_null() const { return kind_ == Kind::null; }
  /// What it is, as a person calls it: "a list".
  std::string_view kind() const;

  friend bool operator==(const Json&, const Json&) = default;

 private:
  enum class Kind { null, flag, number, text, list, object };

  Kind kind_ = Kind::null;  // and of the rest the one that it names
  bool flag_ = false;
  std::int64_t number_ = 0;
  std::string text_;
  List list_;
  Object object_;
};

template <typename T>
const T* Json::get_if() const {
  if constexpr (std::is_same_v<T, bool>) return kind_ == Kind::flag ? &flag_ : nullptr;
  if constexpr (std::is_same_v<T, std::int64_t>) return kind_ == Kind::number ? &number_ : nullptr;
  if constexpr (std::is_same_v<T, std::string>) return kind_ == Kind::text ? &text_ : nullptr;
  if constexpr (std::is_same_v<T, List>) return kind_ == Kind::list ? &list_ : nullptr;
  if constexpr (std::is_same_v<T, Object>) return kind_ == Kind::object ? &object_ : nullptr;
}

struct JsonLimits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t depth = 16;
  std::size_t values = std::size_t{1} << 20;  // lists and objects among them
};

/// The value that `text` spells; `what` names it in errors.  Throws Error bad_input if it is not
/// JSON in UTF-8, has a fraction, an exponent, a number beyond 53 bits or a key twice, or is larger
/// than the limits.
Json parse_json(std::string_view text, std::string_view what, JsonLimits limits = {});

/// The one spelling: keys in byte order, no spaces, only `"`, `\` and control characters escaped.
/// Throws Error bad_input for a number beyond 53 bits.
std::string json_text(const Json& value);

}  // namespace polder
