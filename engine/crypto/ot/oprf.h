// A batch of oblivious pseudorandom functions: the receiver learns function j at one point of its
// choice for each j, the sender can evaluate all of them anywhere and learns no point.
//
// Row j of the columns (ot_columns.h) is t to the receiver and t + (C(x) and s) to the sender,
// which holds the 512 choices s. F_j(y) = hash(j, row_j + (C(y) and s)). As C(x) and C(y) differ in
// 128 places or more, F_j(y) is unknown to the receiver for every y but x.  Source: Kolesnikov,
// Kumaresan, Rosulek, Trieu, "Efficient batched oblivious PRF with applications to private set
// intersection", CCS 2016. Two random words of 512 bits differ in fewer than 128 places with
// probability below 2^-102: how many pairs may meet is the caller's budget.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/aes.h"
#include "crypto/ot/ot_columns.h"

namespace polder {

inline constexpr std::size_t oprf_columns = 512;

/// C: a word of 512 bits for each block, under a public key drawn after the points were fixed.
class OprfCode {
 public:
  static constexpr std::size_t words = oprf_columns / 64;
  using Word = std::array<std::uint64_t, words>;

  explicit OprfCode(const std::array<std::uint8_t, 16>& key);
  /// points [n] -> [n]
  std::vector<Word> operator()(std::span<const Block> points) const;

 private:
  std::array<Aes128, 4> parts_;
};

/// Against receivers that follow the protocol: nothing checks that the columns are code words.
/// The receiver's part: values [n], F_j(points[j]), and the columns to send.
struct OprfValues {
  Blocks values;
  BitColumns message;
};
OprfValues oprf_at(const KeyPairs& seeds, const OprfCode& code, std::span<const Block> points);

/// The sender's part.
class Oprf {
 public:
  /// seeds: oprf_columns; message: from the receiver.
  Oprf(const ChosenKeys& seeds, const BitColumns& message);

  /// F_j(y), given C(y).
  Block operator()(std::size_t j, const OprfCode::Word& coded) const;

 private:
  Words rows_, choices_;
};

}  // namespace polder
