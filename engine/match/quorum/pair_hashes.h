// The keys under which one pair of banks hashes blocks in one slice (BlockHash): of the slice's
// salt, the bank's number and a group element that the bank draws for it. One guess of a block can
// so be compared with the hashes of one pair and slice only, not with those of all banks, slices
// and sessions at once; and as each end adds to the keys, neither can bring back old ones.  Source:
// Guo, Katz, Wang, Weng, Yu, "Better concrete security for half-gates garbling (in the
// multi-instance setting)", CRYPTO 2020, for what one key for all instances costs.
#pragma once

#include "crypto/block.h"
#include "crypto/ristretto.h"
#include "match/quorum/opprf_hint.h"

namespace polder::quorum {

struct PairHashes {
  HashKey base;   // of the extended base OTs
  HashKey trees;  // of the trees' seeds
  HashKey ots;    // of correlated OTs
};

/// `answer`: the bank's message of the base OTs.
PairHashes pair_hashes(const Salt& salt, int bank, const Point& answer);

}  // namespace polder::quorum
