// AES-128 in counter mode (FIPS 197, SP 800-38A), and block by block, on VAES, AES-NI or plain
// vectors, chosen at run time: what stream.h is made of. Constant time wherever the processor
// shuffles bytes (SSSE3, 2006).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace polder {

class Aes128 {
 public:
  static constexpr std::size_t group_words = 64;

  explicit Aes128(const std::array<std::uint8_t, 16>& key);
  Aes128(const Aes128&) = delete;
  Aes128& operator=(const Aes128&) = delete;
  ~Aes128();

  /// The encryptions of `high` || `first`, `high` || `first` + 1, … (both halves big-endian), two
  /// little-endian words each.  words [multiple of group_words]. The counter must not wrap.
  void counters(std::uint64_t high, std::uint64_t first, std::span<std::uint64_t> words) const;

  /// Encrypts each block of two words, in place.
  void blocks(std::span<std::uint64_t> words) const;

 private:
  alignas(64) std::array<std::uint8_t, 11 * 16> round_keys_;
};

}  // namespace polder
