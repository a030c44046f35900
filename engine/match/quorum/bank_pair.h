// A bank's side of its line to the asker.
#pragma once

#include <optional>

#include "match/quorum/counts.h"
#include "match/quorum/hint.h"
#include "match/quorum/pair_setup.h"

namespace polder::quorum {

class BankPair {
 public:
  /// Receives the asker's request and answers it.
  BankPair(Channel& asker, int number, const Parameters& parameters);

  /// Up to this bank's bit of each bin.
  BinBits compare(std::span<const Block> identifiers, const std::vector<bool>& flagged);

  Counts count(const BinBits& bits);

  Channel& asker() { return asker_; }
  BankTransfers& transfers() { return setup_->transfers; }

 private:
  Channel& asker_;
  const int number_;
  const Parameters& parameters_;
  Salt salt_;
  std::optional<BankAnswer> begun_;
  std::optional<BankSetup> setup_;
};

}  // namespace polder::quorum
