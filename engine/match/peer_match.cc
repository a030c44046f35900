#include "match/peer_match.h"

#include <algorithm>

#include "base/error.h"
#include "crypto/random.h"

namespace polder {

void check_agreement(int parties, const PeerMatch& match) {
  if (parties < 2) fail(Code::bad_input, "a match among peers takes 2 banks, not {}", parties);
  if (match.requester < 0 || match.requester >= parties) {
    fail(Code::bad_input, "the requester is bank {} of {}, counted from 0", match.requester,
         parties);
  }
  if (match.threshold < 1 || match.threshold > static_cast<std::uint64_t>(parties)) {
    fail(Code::bad_input, "the threshold is {}; with {} banks it is 1 to {}", match.threshold,
         parties, parties);
  }
  if (match.bounds.size() != static_cast<std::size_t>(parties)) {
    fail(Code::bad_input, "{} bounds on the banks' sizes for {} banks", match.bounds.size(),
         parties);
  }
}

PeerTable filled_table(int party, const PeerMatch& match, const PeerTable& table) {
  const std::uint64_t bound = match.bounds[static_cast<std::size_t>(party)];
  const std::size_t n = table.identifiers.size();
  if (n > bound) {
    fail(Code::bad_input, "this bank's table has {} rows, agreed are at most {}", n, bound);
  }
  if (table.flagged.size() != (match.flags ? n : 0)) {
    fail(Code::bad_input, "{} rows have {} flags in a match with{} flags", n, table.flagged.size(),
         match.flags ? "" : "out");
  }
  PeerTable filled{std::vector<IdentifierHash>(bound), table.flagged};
  if (bound > 0) random_bytes({filled.identifiers[0].data(), bound * sizeof(IdentifierHash)});
  std::ranges::copy(table.identifiers, filled.identifiers.begin());
  if (match.flags) filled.flagged.resize(bound, false);
  std::vector<IdentifierHash> sorted = filled.identifiers;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    fail(Code::bad_input, "this bank's table has an identifier twice; remove duplicates first");
  }
  return filled;
}

}  // namespace polder
