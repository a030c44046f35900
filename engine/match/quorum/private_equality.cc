#include "match/quorum/private_equality.h"

#include <algorithm>

#include "base/error.h"
#include "base/packed.h"
#include "crypto/random.h"
#include "match/quorum/bit_table.h"

namespace polder::quorum {
namespace {

// Shares of d are modulo 64, or 128. A product of two bits counts twice in d, so modulo half of
// that is enough for it.
int distance_bits(int bits) { return bits < 64 ? 6 : 7; }
int product_bits(int bits) { return distance_bits(bits) - 1; }
std::uint64_t distances(int bits) { return std::uint64_t{1} << distance_bits(bits); }

std::size_t words_of(int bits) { return words_for_bits(static_cast<std::size_t>(bits)); }

/// Bit i of number j.
std::uint64_t bit(std::span<const std::uint64_t> numbers, int bits, std::size_t j, std::size_t i) {
  return numbers[j * words_of(bits) + i / 64] >> i % 64 & 1;
}

}  // namespace

PrivateEqualityRequester::PrivateEqualityRequester(Channel& bank, RequesterOts& ots,
                                                   std::span<const std::uint64_t> numbers, int bits)
    : bank_(bank),
      ots_(ots),
      numbers_(numbers.begin(), numbers.end()),
      bits_(bits),
      count_(numbers.size() / words_of(bits)) {
  require(bits >= 1 && bits < 128, "equality: 1 to 127 bits");
  const Blocks keys = ots_.choose(bank_, numbers_, bits_);
  Words low(keys.size());
  std::ranges::transform(keys, low.begin(), &Block::low);
  product_keys_ = packed(low, product_bits(bits_));
}

void PrivateEqualityRequester::look_up() {
  const auto bits = static_cast<std::size_t>(bits_);
  const std::size_t n = count_ * bits;
  Words message(product_keys_.size());
  bank_.receive_words(message);
  const Words corrections = unpacked(message, n, product_bits(bits_));
  const Words keys = unpacked(product_keys_, n, product_bits(bits_));
  places_.resize(count_);
  for (std::size_t j = 0; j < count_; ++j) {
    std::uint64_t distance = 0;
    for (std::size_t i = 0; i < bits; ++i) {
      const std::uint64_t own = bit(numbers_, bits_, j, i);
      const std::uint64_t product = keys[j * bits + i] + (corrections[j * bits + i] & (0 - own));
      distance += own - 2 * product;
    }
    places_[j] = distance % distances(bits_);
  }
  keys_ = ots_.choose(bank_, places_, distance_bits(bits_));
}

Words PrivateEqualityRequester::finish() {
  Words masked(count_ * words_for_bits(distances(bits_)));
  bank_.receive_words(masked);
  return chosen_bits(masked, distance_bits(bits_), places_, keys_);
}

Words private_equality_at_bank(Channel& requester, BankOts& ots,
                               std::span<const std::uint64_t> numbers, int bits) {
  const auto width = static_cast<std::size_t>(bits);
  const std::size_t n = numbers.size() / words_of(bits);
  Words distance(n, 0);
  {
    const BothKeys keys = ots.receive_choices(requester, n, bits);
    Words corrections(n * width);
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < width; ++i) {
        const std::size_t at = j * width + i;
        const std::uint64_t own = bit(numbers, bits, j, i);
        corrections[at] = keys.zero[at].low - keys.one[at].low + own;
        distance[j] += own + 2 * keys.zero[at].low;  // its share of the product is minus the key
      }
    }
    requester.send_words(packed(corrections, product_bits(bits)));
  }

  const std::size_t table_words = words_for_bits(distances(bits));
  Words shares(n), tables(n * table_words);
  random_words(shares);
  for (std::size_t j = 0; j < n; ++j) {
    shares[j] &= 1;
    // Where the requester's share makes d = 0.
    const std::uint64_t equal = (0 - distance[j]) % distances(bits);
    for (std::size_t word = 0; word < table_words; ++word) {
      const auto here = static_cast<std::uint64_t>(equal / 64 == word);
      tables[j * table_words + word] = (0 - shares[j]) ^ (here << equal % 64);
    }
  }
  const BothKeys keys = ots.receive_choices(requester, n, distance_bits(bits));
  requester.send_words(mask_tables(tables, distance_bits(bits), keys));
  return shares;
}

}  // namespace polder::quorum
