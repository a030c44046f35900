// Flagged threshold matching among peers from oblivious transfer and hashing.
// docs/protocols/quorum.md says what is computed, what every bank sees, and why that is all.
#pragma once

#include "match/peer_match.h"
#include "match/quorum/parameters.h"

namespace polder {

/// Secure against semi-honest banks of which at most floor((t - 1) / 2) collude,
/// the requester among them or not (t = 2: against either).  Reveals: to the requester one bit for
/// each own row, and nothing to the others; sizes only as the public bounds. Throws as PeerProtocol
/// says; bad_input too if the bounds are beyond what parameters.h allows. Source: Chandran,
/// Dasgupta, Gupta, Obbattu, Sekar, Shah, "Efficient linear multiparty PSI and extensions to
/// circuit/quorum PSI", CCS 2021, for the structure.
PeerProtocol quorum_match;

/// The same with slices of another size; tests need no million rows then.
PeerAnswer quorum_match_sliced(Parties& parties, const PeerMatch& match, const PeerTable& table,
                               const Progress& progress, const quorum::SliceSizes& sizes);

}  // namespace polder
