// Any number of correlated oblivious transfers from 16 punctured trees: for the receiver's choice
// bit b_i both get a random block, q_i to the sender and q_i + b_i D to the receiver, for the
// sender's secret D. Hashed (block.h), q_i and q_i + D are two keys of which the receiver knows the
// one it chose.  2 bytes an OT, receiver to sender.
//
// With r_x the stream of leaf x and c the place of the missing leaf, one tree gives the sender
// w = sum (x + c) r_x and the receiver v = sum x r_x in GF(2)^8, whose difference is c u with
// u = sum r_x; the receiver sends u + b, which turns c u into c b.  Source: Roy, "SoftSpokenOT:
// quieter OT extension from small-field silent VOLE in the Minicrypt model", CRYPTO 2022,
// semi-honest with the repetition code and k = 8.
#pragma once

#include <cstddef>
#include <span>

#include "crypto/ot/ot_columns.h"
#include "crypto/ot/punctured_trees.h"

namespace polder {

class CorrelatedOtReceiver {
 public:
  explicit CorrelatedOtReceiver(WholeTrees whole) : leaves_(std::move(whole.leaves)) {}

  struct Extension {
    Blocks blocks;       // [n]
    BitColumns message;  // `trees` columns of n bits
  };
  /// choices: n bits
  Extension extend(std::span<const std::uint64_t> choices, std::size_t n);

 private:
  Blocks leaves_;
  std::uint64_t counter_ = 0;  // of the leaves' streams
};

class CorrelatedOtSender {
 public:
  explicit CorrelatedOtSender(PuncturedTrees punctured) : punctured_(std::move(punctured)) {}

  /// D.
  Block difference() const { return punctured_.missing; }
  Blocks extend(const BitColumns& message);

 private:
  PuncturedTrees punctured_;
  std::uint64_t counter_ = 0;
};

}  // namespace polder
