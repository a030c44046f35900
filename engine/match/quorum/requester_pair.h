// The requester's side of its connection to one bank: from the request for oblivious transfers to
// shares of 'held' and 'flagged' for each bin, one step at a time so that all banks work at once.
#pragma once

#include <optional>

#include "match/quorum/counts.h"
#include "match/quorum/opprf_hint.h"
#include "match/quorum/pair_setup.h"
#include "match/quorum/private_equality.h"

namespace polder::quorum {

/// What is the same for all banks.
struct RequesterShared {
  const Parameters& parameters;
  const Salt salt;
  const BaseOtReceiver base;
  const Bins bins;
};

class RequesterPair {
 public:
  RequesterPair(Channel& bank, int number, const RequesterShared& shared);

  // Each receives what the bank sent before, and sends.
  void set_up();
  void read_opprf_hint();
  void compare();
  /// Ends the comparison: the requester's bit of each bin.
  BinBits finish_compare();

  void send_bits(BinBits bits);
  Counts finish_counts();

  RequesterOts& ots() { return setup_->ots; }
  Channel& bank() { return bank_; }

 private:
  Channel& bank_;
  const int number_;
  const RequesterShared& shared_;
  std::optional<RequesterSetup> setup_;
  Blocks oprf_;
  BinValues values_;
  std::optional<PrivateEqualityRequester> private_equality_;
  std::optional<CountsRequester> counts_;
};

}  // namespace polder::quorum
