// For what, by whom, when and how often a plan may be run: proposed by who submits it, said by who
// approves it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json_text.h"

namespace polder {

struct RunTerms {
  static constexpr std::int64_t longest_ms = std::int64_t{2 * 366} * 24 * 3600 * 1000;
  static constexpr std::int64_t max_run_count = 1'000'000;

  std::string purpose;
  std::int64_t from_ms = 0;   // unix ms, the first at which a run may begin
  std::int64_t until_ms = 0;  // and the first at which none may any more
  std::int64_t max_runs = 0;
  std::vector<std::string> requesters;  // who may ask for runs, in byte order

  friend bool operator==(const RunTerms&, const RunTerms&) = default;
};

/// Throws Error bad_input naming the field: an end before the beginning or more than `longest_ms`
/// after it, nobody to ask, names twice or not in order.
RunTerms parse_run_terms(const Json& value, const std::string& what);
Json to_json(const RunTerms& terms);

}  // namespace polder
