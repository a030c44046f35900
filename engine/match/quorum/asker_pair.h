// The asker's side of its line to one bank: from the request for oblivious transfers to shares of
// 'held' and 'flagged' for each bin, one step at a time so that all banks work at once.
#pragma once

#include <optional>

#include "match/quorum/counts.h"
#include "match/quorum/equality.h"
#include "match/quorum/hint.h"
#include "match/quorum/pair_setup.h"

namespace polder::quorum {

/// What is the same for all banks.
struct AskerShared {
  const Parameters& parameters;
  const Salt salt;
  const BaseOtReceiver base;
  const Bins bins;
};

class AskerPair {
 public:
  AskerPair(Channel& bank, int number, const AskerShared& shared);

  // Each receives what the bank sent before, and sends.
  void set_up();
  void read_hint();
  void compare();
  /// Ends the comparison: the asker's bit of each bin.
  BinBits finish_compare();

  void send_bits(BinBits bits);
  Counts finish_counts();

  AskerTransfers& transfers() { return setup_->transfers; }
  Channel& bank() { return bank_; }

 private:
  Channel& bank_;
  const int number_;
  const AskerShared& shared_;
  std::optional<AskerSetup> setup_;
  Blocks oprf_;
  BinValues values_;
  std::optional<EqualityAsker> equality_;
  std::optional<CountsAsker> counts_;
};

}  // namespace polder::quorum
