// The members of a JSON object read one by one, each of the type asked for, and none left over.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"

namespace polder {

/// Each getter throws Error bad_input naming the object and the member.
class JsonFields {
 public:
  /// `value` must outlive it.  Throws Error bad_input if it is no object.
  JsonFields(const Json& value, std::string what);

  const std::string& what() const { return what_; }
  /// Null if there is none.
  const Json* find(std::string_view name);
  const Json& at(std::string_view name);
  const std::string& text(std::string_view name);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
  const Json::List& list(std::string_view name);
  /// Refuses members that nobody asked for.
  void done() const;

  /// The member is not what it should be.
  [[noreturn]] void refuse(std::string_view name, std::string_view wanted) const;

 private:
  const Json::Object* members_;
  std::string what_;
  std::vector<std::string> asked_;
};

/// A whole number as a decimal string, in its one spelling.  Throws Error bad_input naming `what`.
std::int64_t decimal_integer(const Json& value, std::string_view what);

}  // namespace polder
