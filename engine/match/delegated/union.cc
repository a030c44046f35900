#include "match/delegated/union.h"

#include <algorithm>

#include "base/error.h"
#include "ops/any.h"

namespace polder {
namespace {

Bits joined_rows(const std::vector<MatchParty>& parties,
                 const std::function<Bits(const MatchParty&)>& part) {
  std::vector<Bits> columns;
  for (const MatchParty& party : parties) columns.push_back(part(party));
  std::vector<const Bits*> pointers;
  for (const Bits& column : columns) pointers.push_back(&column);
  return concat(pointers);
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
                       const PlainBits& not_first) {
  const Bits twice = mpc.both(same, equals_row_before(mpc, party, not_first));
  // Safe: one bit that is 0 in every run of owners who follow the rules (clients remove
  // duplicates), and says nothing of which table or identifier otherwise.
  if (mpc.open(any(mpc, twice), all_nodes).flag(0)) {
    fail(Code::bad_input,
         "match: a table holds the same identifier more than once; its owner must upload it again "
         "with duplicates removed");
  }
}

}  // namespace

SortedUnion sorted_union(Protocol& mpc, const std::vector<MatchParty>& parties) {
  std::uint64_t rows = 0;
  for (const MatchParty& party : parties) rows += party.identifier.size();
  const int id_width = identifier_bits(rows);
  const int party_width = std::max(1, log2_ceil(parties.size()));

  const Bits identifier =
      joined_rows(parties, [&](const MatchParty& p) { return bits(p.identifier, 0, id_width); });
  std::uint64_t number = 0;
  const Bits party = joined_rows(parties, [&](const MatchParty& p) {
    return mpc.constant(p.identifier.size(), party_width, number++);
  });
  const Bits flag = joined_rows(parties, [&](const MatchParty& p) {
    return p.flag.width() == 1 ? p.flag : mpc.constant(p.identifier.size(), 1, 0);
  });
  const Bits carried = join_bits({&party, &flag});

  // Ties keep their old order, so one party's rows of one identifier would be neighbours.
  Sorted sorted = sort_keys(mpc, std::array{SortKey{&identifier}}, &carried);
  const PlainBits not_first = has_row_before(rows);
  Bits same = equals_row_before(mpc, sorted.keys, not_first);
  refuse_duplicates(mpc, same, bits(sorted.carried, 0, party_width), not_first);
  return {std::move(sorted.order), std::move(same), bit(sorted.carried, party_width),
          parties.size()};
}

}  // namespace polder
