// What the asker and one bank make first: from 128 transfers by public keys, 512 pairs of seeds for
// the pseudorandom function, of which the bank chose one each, and correlated transfers without
// end, in which the asker chooses.
#pragma once

#include "crypto/base_ot.h"
#include "match/quorum/transfers.h"
#include "net/channel.h"

namespace polder::quorum {

inline constexpr std::size_t base_transfers = 128;

struct AskerSetup {
  KeyPairs oprf_seeds;
  AskerTransfers transfers;
};
struct BankSetup {
  ChosenKeys oprf_seeds;
  BankTransfers transfers;
};

/// Which pair of which slice it is.
struct PairName {
  const Salt& salt;
  int bank;
};

/// The asker's request goes to the bank before; then bank to asker, asker to bank.
AskerSetup set_up_asker(Channel& bank, const PairName& pair, const BaseOtReceiver& base);

/// The bank's part in two: its answer to the request, and what it makes of the asker's trees.
/// Between them it may do what waits for nothing.
class BankAnswer {
 public:
  BankAnswer(Channel& asker, const PairName& pair, std::span<const std::uint8_t> request);
  BankSetup finish(Channel& asker);

 private:
  PairHashes hashes_;
  ChosenKeys chosen_;
};

}  // namespace polder::quorum
