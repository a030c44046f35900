// What the requester and one bank make first: from 128 OTs by public keys, 512 pairs of seeds for
// the pseudorandom function, of which the bank chose one each, and correlated OTs without
// end, in which the requester chooses.
#pragma once

#include "crypto/ot/base_ot.h"
#include "match/quorum/ot_choices.h"
#include "net/channel.h"

namespace polder::quorum {

inline constexpr std::size_t base_ots = 128;

struct RequesterSetup {
  KeyPairs oprf_seeds;
  RequesterOts ots;
};
struct BankSetup {
  ChosenKeys oprf_seeds;
  BankOts ots;
};

/// Which pair of which slice it is.
struct PairName {
  const Salt& salt;
  int bank;
};

/// The requester's request goes to the bank before; then bank to requester, requester to bank.
RequesterSetup set_up_requester(Channel& bank, const PairName& pair, const BaseOtReceiver& base);

/// The bank's part in two: its answer to the request, and what it makes of the requester's trees.
/// Between them it may do what waits for nothing.
class BankAnswer {
 public:
  BankAnswer(Channel& requester, const PairName& pair, std::span<const std::uint8_t> request);
  BankSetup finish(Channel& requester);

 private:
  PairHashes hashes_;
  ChosenKeys chosen_;
};

}  // namespace polder::quorum
