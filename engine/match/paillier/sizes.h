// The numbers that all banks of a run work out alike from what they agreed on: sizes of filters,
// masks and messages. Nothing that is sent depends on anything else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "match/peer_match.h"

namespace polder {

/// How often a Bloom filter may say 'held' of what is not.
enum class BloomError : std::uint8_t {
  whole_run,  // in all look-ups of a run together with probability 2^-40 at most
  published,  // 2^-7 in each look-up, for comparison only: results are wrong at times
};

/// Numbers next to one another in the plaintext of one ciphertext.
struct Slots {
  std::size_t rows;            // numbers in all
  int width_bits;              // of each
  std::size_t per_ciphertext;  // at most

  /// Number i is in ciphertext i % ciphertexts(), slot i / ciphertexts().
  std::size_t ciphertexts() const;
  std::size_t used() const;  // slots of the first ciphertext
};

struct PaillierSizes {
  PaillierSizes(const PeerMatch& match, int parties, int key_bits, BloomError error);

  int requester;
  /// Those who hold the key and draw masks: the requester first. Any number of colluding banks that
  /// leaves one of them out learns nothing; ceil(t / 2) of them, and at least two.
  std::vector<int> holders;
  std::size_t rows;  // the requester's bound
  std::vector<std::size_t> bounds;
  std::uint64_t threshold;
  bool flags;
  int key_bits;

  // Bloom filters.
  std::size_t hashes;                          // k: the error of one look-up is at most 2^-k
  std::size_t cells(std::size_t party) const;  // of a bank's filter
  int sum_bits;  // k + 1 < 2^sum_bits: a sum of k cells, and a carry, fit
  int digits() const { return flags ? 2 : 1; }  // sums in a cell: unset for held, and for flagged

  /// Of all ciphertexts that the requester keeps at once: the largest filter, or the tables of all
  /// banks, and the joint tables.
  std::uint64_t requester_bytes() const;

  // Masks: a number below `range` is hidden by one below range 2^mask_bits.
  int mask_bits;
  Slots sums() const;                        // sums of k cells, of one bank
  Slots differing() const;                   // bits that differ, of one bank and digit
  Slots chained(std::uint64_t range) const;  // under the sum of all holders' masks
  Slots bits() const;                        // the answer

  // Ranges of what is looked up in tables.
  std::uint64_t differing_range() const { return static_cast<std::uint64_t>(sum_bits) + 1; }
  std::uint64_t holders_range() const { return bounds.size(); }       // 0 .. t - 1 others
  std::uint64_t flaggers_range() const { return bounds.size() + 1; }  // 0 .. t
  static constexpr std::uint64_t conditions_range = 3;                // 0 .. 2 fulfilled

  bool takes_part(std::size_t party) const {
    return static_cast<int>(party) != requester && bounds[party] > 0;
  }
};

}  // namespace polder
