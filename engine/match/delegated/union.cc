#include "match/delegated/union.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/error.h"
#include "ops/compare/open_any.h"
#include "ops/universal_hash.h"

namespace polder {
namespace {

/// Part of each table, one table after the other.
Bits joined_rows(std::vector<MatchParty>& parties, const std::function<Bits(MatchParty&)>& part) {
  std::vector<Bits> columns;
  for (MatchParty& party : parties) columns.push_back(part(party));
  return concat(columns);
}

/// All identifiers, hashed, which the tables then no longer have.
Bits take_identifiers(Workers& workers, std::vector<MatchParty>& parties,
                      const UniversalHash& hash) {
  return joined_rows(parties, [&](MatchParty& party) {
    return hash(workers, std::exchange(party.identifier, Bits()));
  });
}

/// What a row's party is: its number, and its mark, if there are marks, above it.
struct PartyWord {
  int number_width, width;
  const std::vector<bool>& marks;

  std::uint64_t of(std::size_t party) const {
    const bool marked = !marks.empty() && marks[party];
    return party | std::uint64_t{marked} << number_width;
  }
};

/// A row's party, and its flag.
Bits parties_and_flags(Protocol& mpc, std::vector<MatchParty>& parties, const PartyWord& word) {
  std::size_t number = 0;
  return joined_rows(parties, [&](MatchParty& party) {
    const std::size_t n = party.identifier.size();
    const Bits own_number = mpc.constant(n, word.width, word.of(number++));
    const Bits flag =
        party.flag.width() == 1 ? std::exchange(party.flag, Bits()) : mpc.constant(n, 1, 0);
    return join_bits({&own_number, &flag});
  });
}

/// Which row is not the first: a public mask.
PlainBits has_row_before(std::size_t n) {
  PlainBits mask(n, 1);
  for (std::uint64_t& word : mask.words()) word = ~std::uint64_t{0};
  if (n > 0) mask.words()[0] &= ~std::uint64_t{1};
  return mask;
}

/// x equals the row before it; 0 in row 0.  [n] of w -> [n] of 1.
Bits equals_row_before(Protocol& mpc, const Bits& x, const PlainBits& not_first) {
  return mpc.equal(x, shift_rows(x, 1)) & not_first;
}

/// A table with an identifier twice would count as two parties, so a run with one stops.
void refuse_duplicates(Protocol& mpc, const Bits& same, const Bits& party,
                       const PlainBits& not_first, Stream& coins) {
  const Bits twice = mpc.bit_and(same, equals_row_before(mpc, party, not_first));
  // Safe: one bit that is 0 in every run of owners who follow the rules (clients remove
  // duplicates), and says nothing of which table or identifier otherwise.
  if (open_any(mpc, twice, coins)) {
    fail(Code::bad_input,
         "match: a table holds the same identifier more than once; its owner must upload it again "
         "with duplicates removed");
  }
}

}  // namespace

SortedUnion sorted_union(Protocol& mpc, std::vector<MatchParty> parties,
                         const std::vector<bool>& marks) {
  std::uint64_t rows = 0;
  for (const MatchParty& party : parties) rows += party.identifier.size();
  const int party_width = std::max(1, log2_ceil(parties.size()));
  const PartyWord word{
      .number_width = party_width, .width = party_width + (marks.empty() ? 0 : 1), .marks = marks};
  Bits carried = parties_and_flags(mpc, parties, word);
  Stream coins = toss_coins(mpc);
  Bits identifier = take_identifiers(mpc.workers(), parties,
                                     UniversalHash(identifier_width, identifier_bits(rows), coins));

  // Ties keep their old order, so one party's rows of one identifier would be neighbours.
  Sorted sorted = sort_key(mpc, std::move(identifier), std::move(carried));
  const PlainBits not_first = has_row_before(rows);
  Bits same = equals_row_before(mpc, sorted.keys, not_first);
  sorted.keys = Bits();
  refuse_duplicates(mpc, same, bits(sorted.carried, 0, party_width), not_first, coins);
  return {.order = std::move(sorted.order),
          .same = std::move(same),
          .flag = bit(sorted.carried, word.width),
          .marked = marks.empty() ? Bits() : bit(sorted.carried, party_width),
          .longest_group = parties.size()};
}

}  // namespace polder
