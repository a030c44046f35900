#include "match/quorum/equality.h"

#include <algorithm>

#include "base/error.h"
#include "crypto/random.h"
#include "match/quorum/bit_table.h"
#include "match/quorum/transfer_keys.h"
#include "match/quorum/transfers.h"

namespace polder::quorum {
namespace {

// Shares of d are modulo 64. A product of two bits counts twice in d, so modulo 32 is enough for
// it.
constexpr int distance_bits = 6, product_bits = 5;
constexpr std::uint64_t distances = 1 << distance_bits;

}  // namespace

EqualityAsker::EqualityAsker(Channel& bank, CorrelatedOtReceiver& transfers,
                             std::span<const std::uint64_t> numbers, int bits)
    : bank_(bank), transfers_(transfers), numbers_(numbers.begin(), numbers.end()), bits_(bits) {
  require(bits >= 1 && bits < static_cast<int>(distances), "equality: 1 to 63 bits");
  const Blocks keys = chosen_keys(choose(bank_, transfers_, numbers_, bits_));
  Words low(keys.size());
  std::ranges::transform(keys, low.begin(), &Block::low);
  product_keys_ = packed(low, product_bits);
}

void EqualityAsker::look_up() {
  const auto bits = static_cast<std::size_t>(bits_);
  const std::size_t n = numbers_.size() * bits;
  Words message(product_keys_.size());
  bank_.receive_words(message);
  const Words corrections = unpacked(message, n, product_bits);
  const Words keys = unpacked(product_keys_, n, product_bits);
  places_.resize(numbers_.size());
  for (std::size_t j = 0; j < numbers_.size(); ++j) {
    std::uint64_t distance = 0;
    for (std::size_t i = 0; i < bits; ++i) {
      const std::uint64_t own = numbers_[j] >> i & 1;
      const std::uint64_t product = keys[j * bits + i] + (corrections[j * bits + i] & (0 - own));
      distance += own - 2 * product;
    }
    places_[j] = distance % distances;
  }
  keys_ = choose(bank_, transfers_, places_, distance_bits);
}

Words EqualityAsker::finish() {
  Words masked(numbers_.size());
  bank_.receive_words(masked);
  return chosen_bits(masked, distance_bits, places_, keys_);
}

Words equality_at_bank(Channel& asker, CorrelatedOtSender& transfers,
                       std::span<const std::uint64_t> numbers, int bits) {
  const auto width = static_cast<std::size_t>(bits);
  const std::size_t n = numbers.size();
  Words distance(n, 0);
  {
    const BothKeys keys =
        both_keys(receive_choices(asker, transfers, n, bits), transfers.difference());
    Words corrections(n * width);
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < width; ++i) {
        const std::size_t at = j * width + i;
        const std::uint64_t own = numbers[j] >> i & 1;
        corrections[at] = keys.zero[at].low - keys.one[at].low + own;
        distance[j] += own + 2 * keys.zero[at].low;  // its share of the product is minus the key
      }
    }
    asker.send_words(packed(corrections, product_bits));
  }

  Words shares(n), tables(n);
  random_words(shares);
  for (std::size_t j = 0; j < n; ++j) {
    shares[j] &= 1;
    const std::uint64_t equal =
        (0 - distance[j]) % distances;  // where the asker's share makes d = 0
    tables[j] = (0 - shares[j]) ^ (std::uint64_t{1} << equal);
  }
  const Blocks keys = receive_choices(asker, transfers, n, distance_bits);
  asker.send_words(mask_tables(tables, distance_bits, keys, transfers.difference()));
  return shares;
}

}  // namespace polder::quorum
