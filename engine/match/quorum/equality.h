// Private equality of the asker's and a bank's numbers, bin by bin: their bits differ in d places,
// which both get shares of modulo 64 (one correlated transfer a bit), and d = 0 is looked up in a
// table of 64 bits; modulo 128 and in 128 bits for numbers of more than 63 bits. Both get a bit
// each, whose exclusive or is 1 where the numbers are equal. Two exchanges; 2.6 bytes a bit and 20
// (30) a number. Reveals nothing.  Source: Couteau, "New protocols for secure equality test and
// comparison", ACNS 2018, with a table for its last steps.
#pragma once

#include <span>

#include "match/quorum/transfers.h"

namespace polder::quorum {

/// The asker's part, in the order in which it is called; between calls it serves other banks.
class EqualityAsker {
 public:
  /// Numbers of at most 127 bits, words_for_bits(bits) words each. Sends.
  EqualityAsker(Channel& bank, AskerTransfers& transfers, std::span<const std::uint64_t> numbers,
                int bits);
  /// Receives, sends.
  void look_up();
  /// Receives.  [n] bits
  Words finish();

 private:
  Channel& bank_;
  AskerTransfers& transfers_;
  const Words numbers_;
  const int bits_;
  const std::size_t count_;
  Words product_keys_;  // packed: with many banks waiting, the keys themselves would fill memory
  Words places_;
  Blocks keys_;  // of the places' bits
};

/// The bank's part.  [n] bits
Words equality_at_bank(Channel& asker, BankTransfers& transfers,
                       std::span<const std::uint64_t> numbers, int bits);

}  // namespace polder::quorum
