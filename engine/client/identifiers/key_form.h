// An identifier of one or several parts in the form in which it is compared.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "client/identifiers/kinds.h"

namespace polder {

/// A part of an identifier that cannot be compared.
class KeyFault : public Error {
 public:
  KeyFault(const Error& why, std::size_t part) : Error(why), part_(part) {}
  std::size_t part() const { return part_; }

 private:
  std::size_t part_;
};

class KeyForm {
 public:
  KeyForm(std::vector<const IdentifierKind*> kinds, Placeholders placeholders)
      : kinds_(std::move(kinds)), placeholders_(placeholders), parts_(kinds_.size()) {}

  struct Missing {
    std::size_t part;
    NormalForm::State state;  // empty or placeholder
  };
  /// Takes the cells of one identifier, one for each kind. The first part without a value, if any
  /// has none: then it is no identifier.  Throws KeyFault.
  std::optional<Missing> take(std::span<const std::string_view> cells);

  /// Of the identifier taken: its parts' normal forms, and all of them as they are hashed.
  std::span<const std::string> parts() const { return parts_; }
  const std::string& bytes() const { return bytes_; }

 private:
  std::vector<const IdentifierKind*> kinds_;
  Placeholders placeholders_;
  std::vector<std::string> parts_;
  std::string bytes_;
};

}  // namespace polder
