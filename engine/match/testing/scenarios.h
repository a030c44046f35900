// Banks in a test's plain scenario, and the oracle: who should learn what, straight from the
// definition.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "match/delegated/bins.h"
#include "match/match.h"
#include "protocol/testing/every_protocol.h"

namespace polder::testing {

/// Identifiers in the table's order, those flagged, and a number each.
struct Bank {
  std::vector<std::uint64_t> identifiers;
  std::set<std::uint64_t> flagged = {};
  std::vector<std::uint64_t> attribute = {};  // empty: this bank has none
};

std::string bank_name(std::size_t i);

/// t banks of n identifiers out of a pool, so that every number of holders occurs; one in five
/// flagged.
std::vector<Bank> random_banks(std::size_t t, std::size_t n, std::size_t pool, unsigned seed);

class Oracle {
 public:
  explicit Oracle(const std::vector<Bank>& banks);
  bool matches(std::uint64_t identifier, const MatchRequest& request) const;
  /// How many different identifiers match, of how many.
  std::size_t matching(const MatchRequest& request) const;
  std::size_t identifiers() const { return holders_.size(); }

 private:
  std::map<std::uint64_t, std::uint64_t> holders_, flags_;
};

/// Test identifiers spread over 128 bits, as a client's hash does.
enum class Identifiers { hashed, as_they_are };

/// Every bank's table as this party holds it, for `match`.
std::vector<MatchParty> match_parties(Party& party, const std::vector<Bank>& banks, bool flags,
                                      Identifiers identifiers = Identifiers::hashed);

/// Tables in bins for a run in which bank `requester` learns.
struct BinnedBanks {
  BinnedTable requester;
  std::vector<BinnedTable> others;
  std::vector<std::uint32_t> rows;  // of the requester's bins, or no_row
};
BinnedBanks binned_banks(Party& party, const std::vector<Bank>& banks, std::size_t requester,
                         bool flags);

/// `./run test --long`: tests whose cases are very many run all of them.
bool long_run();

}  // namespace polder::testing
