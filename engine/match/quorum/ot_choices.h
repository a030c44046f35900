// Transfers of keys between the requester and one bank, batch by batch: the requester sends its
// choices, hidden, and knows one key of each pair; the bank knows both. Made of correlated OTs
// whose blocks are hashed, each once.
#pragma once

#include <span>

#include "crypto/ot/correlated_ot.h"
#include "match/quorum/pair_hashes.h"
#include "net/channel.h"

namespace polder::quorum {

class RequesterOts {
 public:
  RequesterOts(WholeTrees whole, const HashKey& key) : blocks_(std::move(whole)), key_(key) {}

  /// The requester's choices are the low `bits` bits of each number, as `packed` takes it. Sends.
  /// [n * bits], number by number
  Blocks choose(Channel& bank, std::span<const std::uint64_t> numbers, int bits);

 private:
  CorrelatedOtReceiver blocks_;
  HashKey key_;
};

struct BothKeys {
  Blocks zero, one;
};

class BankOts {
 public:
  BankOts(PuncturedTrees punctured, const HashKey& key)
      : blocks_(std::move(punctured)), key_(key) {}

  /// For n numbers. Receives.
  BothKeys receive_choices(Channel& requester, std::size_t n, int bits);

 private:
  CorrelatedOtSender blocks_;
  HashKey key_;
};

}  // namespace polder::quorum
