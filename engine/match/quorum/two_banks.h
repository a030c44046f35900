// The end of a run of two: with one other bank there is nothing to share among several, so the
// requester looks its answer up, obliviously, in the bank's table of eight bits.
#pragma once

#include "match/quorum/counts.h"
#include "match/quorum/parameters.h"

namespace polder::quorum {

/// own_flags [n] of the requester, in a run with flags. Sends; then receives.  Reveals: to the
/// requester the answer for each bin.
class TwoBanksRequester {
 public:
  TwoBanksRequester(Channel& bank, RequesterOts& ots, const BinBits& bits,
                    std::span<const std::uint64_t> own_flags);
  /// [n] bits
  Words finish();

 private:
  Channel& bank_;
  Words choices_;
  Blocks keys_;
};

void answer_of_two_banks(Channel& requester, BankOts& ots, const BinBits& bits,
                         const Parameters& parameters);

}  // namespace polder::quorum
