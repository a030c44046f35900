// Flagged threshold matching without a third party: every bank its own node. One bank asks and
// learns, of its own rows only, which ones at least `threshold` banks hold and at least one of them
// flagged; the others learn nothing. Each protocol is a folder: quorum/, paillier/; docs/protocols/
// has a page for each and one that compares them with the delegated protocol of match.h.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/memory.h"
#include "base/progress.h"
#include "net/parties.h"

namespace polder {

/// A keyed hash of a normalised identifier, made at the source.
using IdentifierHash = std::array<std::uint8_t, 16>;

/// What a bank brings. An identifier at most once. Its flags stay its own: not even their number is
/// seen by others.
struct PeerTable {
  std::vector<IdentifierHash> identifiers;  // [n]
  std::vector<bool> flagged;                // [n], or empty in a run without flags
};

/// What all banks of a run know and agreed on.
struct PeerMatch {
  int requester = 0;
  std::uint64_t threshold = 2;        // 1 .. t, the requester counts as a holder
  bool flags = true;                  // false: threshold intersection (T-MPSI)
  std::vector<std::uint64_t> bounds;  // [t]: the most rows each table may have; public
  Words kept = {};                    // of an earlier run's key, by all banks; none: a new one
};

/// What every protocol checks first.  Throws Error bad_input: fewer than two parties, a requester,
/// threshold or number of bounds that does not fit them.
void check_agreement(int parties, const PeerMatch& match);

/// The party's own table, checked and filled up to its bound with random identifiers, which nobody
/// else holds: of all that a run does with it, neither a message nor the time depends on how many
/// rows are real, which come first.  Throws Error bad_input: more rows than its bound, an
/// identifier twice, flags that do not fit the rows or the run.
PeerTable filled_table(int party, const PeerMatch& match, const PeerTable& table);

/// What a run gave: to the requester one bit per own row in its table's order, to others no rows.
struct PeerAnswer {
  std::vector<bool> rows;
  std::uint64_t rounds = 0;  // messages that had to wait for one another
  Words kept = {};           // of a key made in this run, for the next; all banks know it
};

/// A peer protocol, at one bank.  Throws Error bad_input (a table larger than its bound, an
/// identifier twice, a threshold out of range), and what Channel throws.
using PeerProtocol = PeerAnswer(Parties& parties, const PeerMatch& match, const PeerTable& table,
                                const Progress& progress);

}  // namespace polder
