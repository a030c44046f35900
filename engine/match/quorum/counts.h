// From shared bits to shared numbers: where a bin's equality bit (a share at the requester, a share
// at the bank) is 1, the bank holds the requester's identifier, and the hint's last bit, which the
// bank masked, says whether it flagged it. Both get shares of 'held' and of 'held and flagged' as 0
// or 1 in the prime field. One exchange: 2 bytes and 8 a product. Reveals nothing.
#pragma once

#include "crypto/prime_field.h"
#include "match/quorum/ot_choices.h"

namespace polder::quorum {

/// [n] each; `flagged` empty in a run without flags.
struct Counts {
  Elements held, flagged;
};

/// What one of the two has of each bin: its share of the equality bit, and of the flag bit the
/// hint's masked one (requester) or the mask (bank); without flags the latter is empty.
struct BinBits {
  Words equal, flag;
};

class CountsRequester {
 public:
  /// Sends.
  CountsRequester(Channel& bank, RequesterOts& ots, BinBits bits);
  /// Receives.
  Counts finish();

 private:
  Channel& bank_;
  const BinBits bits_;
  Blocks keys_;  // until finish
};

Counts counts_at_bank(Channel& requester, BankOts& ots, const BinBits& bits);

}  // namespace polder::quorum
