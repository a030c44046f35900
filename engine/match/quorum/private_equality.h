// Private equality of the requester's and a bank's numbers, bin by bin: their bits differ in d
// places, which both get shares of modulo 64 (one correlated OT a bit), and d = 0 is looked up in a
// table of 64 bits; modulo 128 and in 128 bits for numbers of more than 63 bits. Both get a bit
// each, whose exclusive or is 1 where the numbers are equal. Two exchanges; 2.6 bytes a bit and 20
// (30) a number. Reveals nothing.  Source: Couteau, "New protocols for secure equality test and
// comparison", ACNS 2018, with a table for its last steps.
#pragma once

#include <span>

#include "match/quorum/ot_choices.h"

namespace polder::quorum {

/// The requester's part, in the order in which it is called; between calls it serves other banks.
class PrivateEqualityRequester {
 public:
  /// Numbers of at most 127 bits, words_for_bits(bits) words each. Sends.
  PrivateEqualityRequester(Channel& bank, RequesterOts& ots, std::span<const std::uint64_t> numbers,
                           int bits);
  /// Receives, sends.
  void look_up();
  /// Receives.  [n] bits
  Words finish();

 private:
  Channel& bank_;
  RequesterOts& ots_;
  const Words numbers_;
  const int bits_;
  const std::size_t count_;
  Words product_keys_;  // packed: with many banks waiting, the keys themselves would fill memory
  Words places_;
  Blocks keys_;  // of the places' bits
};

/// The bank's part.  [n] bits
Words private_equality_at_bank(Channel& requester, BankOts& ots,
                               std::span<const std::uint64_t> numbers, int bits);

}  // namespace polder::quorum
