// The end of a run of two: with one other bank there is nothing to share among several, so the
// asker looks its answer up, obliviously, in the bank's table of eight bits.
#pragma once

#include "match/quorum/counts.h"
#include "match/quorum/parameters.h"

namespace polder::quorum {

/// own_flags [n] of the asker, in a run with flags. Sends; then receives.  Reveals: to the asker
/// the answer for each bin.
class TwoBanksAsker {
 public:
  TwoBanksAsker(Channel& bank, AskerTransfers& transfers, const BinBits& bits,
                std::span<const std::uint64_t> own_flags);
  /// [n] bits
  Words finish();

 private:
  Channel& bank_;
  Words choices_;
  Blocks keys_;
};

void answer_of_two_banks(Channel& asker, BankTransfers& transfers, const BinBits& bits,
                         const Parameters& parameters);

}  // namespace polder::quorum
