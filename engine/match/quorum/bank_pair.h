// A bank's side of its connection to the requester.
#pragma once

#include <optional>

#include "match/quorum/counts.h"
#include "match/quorum/opprf_hint.h"
#include "match/quorum/pair_setup.h"

namespace polder::quorum {

class BankPair {
 public:
  /// Receives the requester's request and answers it.
  BankPair(Channel& requester, int number, const Parameters& parameters);

  /// Up to this bank's bit of each bin.
  BinBits compare(std::span<const Block> identifiers, const std::vector<bool>& flagged);

  Counts count(const BinBits& bits);

  Channel& requester() { return requester_; }
  BankOts& ots() { return setup_->ots; }

 private:
  Channel& requester_;
  const int number_;
  const Parameters& parameters_;
  Salt salt_;
  std::optional<BankAnswer> begun_;
  std::optional<BankSetup> setup_;
};

}  // namespace polder::quorum
