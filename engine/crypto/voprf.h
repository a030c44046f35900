// A pseudorandom function that one party holds the key of and another evaluates at points of its
// choice: the holder learns nothing about the points, the other nothing about the function anywhere
// else, and it sees by a proof that the key is the one of the public point.
//
// VOPRF(ristretto255, SHA-512) of RFC 9497, mode 0x01. The output at x is a hash of x and k H(x).
// One-more unpredictable under the one-more gap Diffie-Hellman assumption, the hash as a random
// oracle; the proof is that of Chaum and Pedersen (CRYPTO 1992), batched.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/memory.h"
#include "crypto/ristretto.h"
#include "crypto/secret.h"

namespace polder {

using VoprfOutput = Secret<64>;
using VoprfProof = std::array<std::uint8_t, 64>;  // challenge, then response

struct VoprfAnswer {
  std::vector<Point> evaluated;  // [n]
  VoprfProof proof;              // for all
};

/// The holder's side.
class VoprfKey {
 public:
  /// The same seed (secret, uniform) and `info` (public, under 64 KiB) give the same key.
  static VoprfKey derive(std::span<const std::uint8_t, 32> seed,
                         std::span<const std::uint8_t> info);

  const Point& public_point() const { return public_; }

  /// The function at a point that the holder knows.  Some 100 microseconds.
  VoprfOutput operator()(std::span<const std::uint8_t> input) const;

  /// Some 200 microseconds a point.  Throws Error cheating if one is no point, or zero.
  VoprfAnswer answer(std::span<const Point> blinded) const;
  /// With the proof's randomness given, for known answers.
  VoprfAnswer answer(std::span<const Point> blinded, const Scalar& random) const;

 private:
  explicit VoprfKey(Scalar secret);

  Scalar secret_;
  Point public_;
};

/// The requester's side: inputs of under 64 KiB.
class VoprfQuery {
 public:
  using Inputs = std::vector<std::vector<std::uint8_t>>;

  explicit VoprfQuery(Inputs inputs);
  /// With the blinds given, for known answers.
  VoprfQuery(Inputs inputs, std::vector<Scalar> blinds);

  /// [n]: uniformly random points, whatever the inputs.
  const std::vector<Point>& blinded() const { return blinded_; }

  /// The function at all inputs.  Some 250 microseconds an input.  Throws Error cheating unless the
  /// answer is the one that the key of this public point gives.
  std::vector<VoprfOutput> outputs(const Point& public_point, const VoprfAnswer& answer) const;

 private:
  Inputs inputs_;
  std::vector<Scalar> blinds_;
  std::vector<Point> blinded_;
};

}  // namespace polder
