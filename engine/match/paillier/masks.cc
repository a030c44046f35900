#include "match/paillier/masks.h"

#include "base/bits.h"
#include "base/error.h"
#include "crypto/random.h"

namespace polder {
namespace {

__extension__ using Wide = unsigned __int128;

// Uniform below `range` but for range / 2^128, without a division.
std::uint64_t below(std::uint64_t range, std::uint64_t high, std::uint64_t low) {
  return static_cast<std::uint64_t>(
      (static_cast<Wide>(high) * range + (static_cast<Wide>(low) * range >> 64)) >> 64);
}

// to += number 2^place
void add_at(std::span<std::uint64_t> to, std::size_t place, std::span<const std::uint64_t> number) {
  const std::size_t shift = place % 64;
  std::uint64_t above = 0;  // what the shift pushed out of the word before
  Wide carry = 0;
  for (std::size_t i = place / 64, j = 0; i < to.size(); ++i, ++j) {
    const std::uint64_t word = j < number.size() ? number[j] : 0;
    carry += static_cast<Wide>(to[i]) + ((word << shift) | above);
    to[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
    above = shift == 0 ? 0 : word >> (64 - shift);
  }
}

}  // namespace

Masks draw_masks(std::size_t rows, std::uint64_t range, int mask_bits) {
  require(mask_bits <= max_mask_bits, "masks: more bits than a word has would be cut off");
  Masks masks{Words(rows), Words(2 * rows)};
  Words random(3 * rows);
  random_words(random);
  for (std::size_t i = 0; i < rows; ++i) {
    masks.residues[i] = below(range, random[3 * i], random[3 * i + 1]);
    const std::uint64_t times = random[3 * i + 2] & low_bits(static_cast<std::size_t>(mask_bits));
    const Wide number = static_cast<Wide>(times) * range + masks.residues[i];
    masks.numbers[2 * i] = static_cast<std::uint64_t>(number);
    masks.numbers[2 * i + 1] = static_cast<std::uint64_t>(number >> 64);
  }
  return masks;
}

Words in_slots(const Slots& slots, const Masks& masks, std::size_t words_each) {
  Words plaintexts(slots.ciphertexts() * words_each, 0);
  for (std::size_t i = 0; i < slots.rows; ++i) {
    const std::size_t ciphertext = i % slots.ciphertexts(), slot = i / slots.ciphertexts();
    add_at({&plaintexts[ciphertext * words_each], words_each},
           slot * static_cast<std::size_t>(slots.width_bits), {&masks.numbers[2 * i], 2});
  }
  return plaintexts;
}

std::vector<std::uint64_t> residues_in(const Slots& slots, const std::vector<Integer>& opened,
                                       std::uint64_t range) {
  std::vector<std::uint64_t> residues;
  const auto width = static_cast<mp_bitcnt_t>(slots.width_bits);
  for (std::size_t i = 0; i < slots.rows; ++i) {
    const Integer& plaintext = opened[i % slots.ciphertexts()];
    Integer number = plaintext >> (width * (i / slots.ciphertexts()));
    mpz_fdiv_r_2exp(number.get_mpz_t(), number.get_mpz_t(), width);
    residues.push_back(mpz_fdiv_ui(number.get_mpz_t(), range));
  }
  return residues;
}

}  // namespace polder
