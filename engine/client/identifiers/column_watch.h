// What in a key column deserves a second look, though every cell of it can be compared.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/identifiers/kinds.h"

namespace polder {

class ColumnWatch {
 public:
  explicit ColumnWatch(const IdentifierKind& kind) : kind_(kind) {}

  /// A cell in a row, and its normal form.
  void see(std::size_t row, std::string_view cell, std::string_view normal);

  /// A sentence each, with counts and the first row, without what cells hold.
  std::vector<std::string> warnings() const;

 private:
  struct Seen {
    std::uint64_t rows = 0;
    std::size_t first = 0;

    void add(std::size_t row);
  };
  void see_letters(std::size_t row, std::string_view cell);
  std::string lengths_warning() const;

  static constexpr std::size_t longest_number = 24;

  const IdentifierKind& kind_;
  Seen mixed_, lookalike_, foreign_, misspelt_iban_;
  std::array<std::uint64_t, longest_number + 1> digits_{};  // cells of so many digits alone
};

}  // namespace polder
