// Oblivious transfer from public keys: the few from which all others are extended. The receiver's
// request does not depend on the sender, so one request serves any number of senders.
//
// In the group ristretto255 with generator G and a point C of which nobody knows the logarithm: the
// receiver draws x and sends P = xG or C - xG by its choice; the sender draws y, sends Y = yG, and
// its two keys are hashes of yP and yC - yP; the receiver knows one of them, as xY.  Source: Naor,
// Pinkas, "Efficient oblivious transfer protocols", SODA 2001, section 3.1, with random keys.
// Secure against semi-honest parties under the computational Diffie-Hellman assumption, the hash
// as a random oracle.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/memory.h"
#include "crypto/block.h"
#include "crypto/ristretto.h"

namespace polder {

/// Two keys per OT.
struct KeyPairs {
  Blocks zero, one;  // [n] each
};

/// One key per OT, the one of its choice bit.
struct ChosenKeys {
  Words choices;  // n bits
  Blocks keys;    // [n]

  /// All bits of a choice set, or none.
  std::uint64_t mask(std::size_t i) const { return 0 - (choices[i / 64] >> i % 64 & 1); }
};

class BaseOtReceiver {
 public:
  /// n OTs with random choices.  n group operations of some 40 microseconds.
  explicit BaseOtReceiver(std::size_t n);

  /// [n * point_bytes], to every sender.
  std::span<const std::uint8_t> request() const { return request_; }

  /// The keys for one sender's answer.  Some 100 microseconds an OT.  Throws Error cheating if
  /// the answer is no point.
  ChosenKeys keys(const Point& answer) const;

 private:
  Words choices_;
  std::vector<Scalar> scalars_;
  Bytes request_;
};

/// The sender's part: its answer and the keys.  request [n * point_bytes].  Some 120 microseconds a
/// OT.  Throws Error cheating if the request holds what is no point.
struct BaseOtAnswer {
  Point answer;
  KeyPairs keys;
};
BaseOtAnswer answer_base_ot(std::span<const std::uint8_t> request);

}  // namespace polder
