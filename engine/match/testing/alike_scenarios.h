// Scenarios that differ in all that must stay hidden, but whose rows sort in one and the same
// order: given that order, which is uniformly random whatever the data (docs/protocols/sorting.md),
// a match must look the same in all of them.
#pragma once

#include "match/testing/scenarios.h"

namespace polder::testing {

inline constexpr std::size_t alike_banks = 5, alike_rows_each = 60;

/// `sharing` of 8: how often a row holds the identifier of the row before it in the order, where a
/// bank may (ties sort by row, a bank holds a client once); `flagging` of 8: how often it is
/// flagged. The identifiers go in as they are.
std::vector<Bank> alike_scenario(unsigned seed, unsigned sharing, unsigned flagging);

/// All banks ask for their own matching rows.
MatchRequest alike_request(std::uint64_t threshold, std::uint64_t min_flags);

/// One node's side of that match.
void match_alike(Party& party, const std::vector<Bank>& banks, const MatchRequest& request);

}  // namespace polder::testing
