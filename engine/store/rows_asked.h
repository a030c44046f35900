// How many rows each member asked of each table in the last 24 hours: on disk before a run begins,
// so that a restart forgets nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include "store/catalogue.h"

namespace polder {

class RowsAsked {
 public:
  explicit RowsAsked(Catalogue& catalogue) : catalogue_(catalogue) {}

  /// What `by` asked of the table since this time.
  std::uint64_t since(std::string_view table, std::string_view by, std::int64_t ms);
  void count(std::string_view table, std::string_view by, std::uint64_t rows, std::int64_t now_ms);
  /// Forgets what was asked before this time.
  void forget(std::int64_t ms);

 private:
  Catalogue& catalogue_;
};

}  // namespace polder
