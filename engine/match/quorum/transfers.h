// Transfers of keys between the asker and one bank, batch by batch: the asker sends its choices,
// hidden, and knows one key of each pair; the bank knows both. Made of correlated transfers whose
// blocks are hashed, each once.
#pragma once

#include <span>

#include "crypto/correlated_ot.h"
#include "match/quorum/pair_hashes.h"
#include "net/channel.h"

namespace polder::quorum {

class AskerTransfers {
 public:
  AskerTransfers(WholeTrees whole, const HashKey& key) : blocks_(std::move(whole)), key_(key) {}

  /// The asker's choices are the low `bits` bits of each number, as `packed` takes it. Sends.
  /// [n * bits], number by number
  Blocks choose(Channel& bank, std::span<const std::uint64_t> numbers, int bits);

 private:
  CorrelatedOtReceiver blocks_;
  HashKey key_;
};

struct BothKeys {
  Blocks zero, one;
};

class BankTransfers {
 public:
  BankTransfers(PuncturedTrees punctured, const HashKey& key)
      : blocks_(std::move(punctured)), key_(key) {}

  /// For n numbers. Receives.
  BothKeys receive_choices(Channel& asker, std::size_t n, int bits);

 private:
  CorrelatedOtSender blocks_;
  HashKey key_;
};

}  // namespace polder::quorum
