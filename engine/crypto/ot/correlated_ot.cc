#include "crypto/ot/correlated_ot.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "crypto/aes.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crypto/ot/correlated_ot.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace polder {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// sum ^= value, then value ^= other.  [n] each, n a multiple of 8
void add_and_fold(std::uint64_t* sum, std::uint64_t* value, const std::uint64_t* other,
                  std::size_t n) {
  const hn::CappedTag<std::uint64_t, 8> lanes;
  for (std::size_t w = 0; w < n; w += hn::Lanes(lanes)) {
    const auto v = hn::LoadU(lanes, value + w);
    hn::StoreU(hn::Xor(hn::LoadU(lanes, sum + w), v), lanes, sum + w);
    hn::StoreU(hn::Xor(hn::LoadU(lanes, other + w), v), lanes, value + w);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace polder
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polder {
namespace {

constexpr std::size_t chunk_words = Aes128::group_words;
using Chunk = std::array<std::uint64_t, chunk_words>;

HWY_EXPORT(add_and_fold);

/// The leaves of one tree as streams.
class Leaves {
 public:
  explicit Leaves(std::span<const Block> seeds) {
    ciphers_.reserve(seeds.size());
    for (const Block& seed : seeds) {
      std::array<std::uint8_t, 16> key;
      std::copy_n(reinterpret_cast<const std::uint8_t*>(&seed), key.size(), key.data());
      ciphers_.push_back(std::make_unique<Aes128>(key));
      wipe(key.data(), key.size());
    }
  }

  struct Sums {
    Chunk all;                              // of every leaf
    std::array<Chunk, tree_levels> by_bit;  // of those whose place has this bit set
  };
  /// Leaves from `first` on (the ones before count as zero), the streams from `counter` on. A sum
  /// over pairs, pairs of pairs, …: each leaf is added twice on average, not nine times.
  void sum(std::size_t first, std::uint64_t counter, Sums& sums) const;

 private:
  std::vector<std::unique_ptr<Aes128>> ciphers_;
};

void Leaves::sum(std::size_t first, std::uint64_t counter, Sums& sums) const {
  std::array<Chunk, tree_levels> waiting;
  for (Chunk& chunk : sums.by_bit) chunk.fill(0);
  for (std::size_t leaf = 0; leaf < tree_leaves; ++leaf) {
    if (leaf < first) {
      sums.all.fill(0);
    } else {
      ciphers_[leaf]->counters(0, counter, sums.all);
    }
    std::size_t level = 0;
    for (; leaf >> level & 1; ++level) {
      HWY_DYNAMIC_DISPATCH(add_and_fold)
      (sums.by_bit[level].data(), sums.all.data(), waiting[level].data(), chunk_words);
    }
    if (level < tree_levels) waiting[level] = sums.all;
  }
}

/// Calls `use(tree, first word, words, sums)` for every tree and chunk of n bits.
template <typename Use>
void for_each_chunk(std::span<const Block> leaves, std::size_t first_leaf, std::size_t n,
                    std::uint64_t counter, Use use) {
  const std::size_t words = words_for_bits(n);
  auto sums = std::make_unique<Leaves::Sums>();
  for (std::size_t tree = 0; tree < trees; ++tree) {
    const Leaves streams(leaves.subspan(tree * tree_leaves, tree_leaves));
    for (std::size_t at = 0; at < words; at += chunk_words) {
      streams.sum(first_leaf, counter + at / 2, *sums);
      use(tree, at, std::min(chunk_words, words - at), *sums);
    }
  }
}

/// Blocks of the streams that n bits take.
std::uint64_t blocks_used(std::size_t n) {
  return ceil_div(words_for_bits(n), chunk_words) * chunk_words / 2;
}

Blocks blocks_of(const BitColumns& columns) {
  Blocks blocks(columns.rows);
  const Words rows = rows_of(columns);
  std::copy(rows.begin(), rows.end(), words_of(blocks).begin());
  return blocks;
}

}  // namespace

CorrelatedOtReceiver::Extension CorrelatedOtReceiver::extend(std::span<const std::uint64_t> choices,
                                                             std::size_t n) {
  BitColumns rows(trees * tree_levels, n), message(trees, n);
  for_each_chunk(
      leaves_, 0, n, counter_,
      [&](std::size_t tree, std::size_t at, std::size_t count, const Leaves::Sums& sums) {
        for (std::size_t w = 0; w < count; ++w) {
          message.column(tree)[at + w] = sums.all[w] ^ choices[at + w];
        }
        for (std::size_t b = 0; b < tree_levels; ++b) {
          std::copy_n(sums.by_bit[b].begin(), count,
                      rows.column(tree * tree_levels + b).begin() + at);
        }
      });
  counter_ += blocks_used(n);
  return {blocks_of(rows), std::move(message)};
}

Blocks CorrelatedOtSender::extend(const BitColumns& message) {
  const std::array<std::uint64_t, 2> missing{punctured_.missing.low, punctured_.missing.high};
  BitColumns rows(trees * tree_levels, message.rows);
  for_each_chunk(
      punctured_.leaves, 1, message.rows, counter_,
      [&](std::size_t tree, std::size_t at, std::size_t count, const Leaves::Sums& sums) {
        for (std::size_t b = 0; b < tree_levels; ++b) {
          const std::size_t i = tree * tree_levels + b;
          const std::uint64_t mask = 0 - (missing[i / 64] >> i % 64 & 1);
          for (std::size_t w = 0; w < count; ++w) {
            rows.column(i)[at + w] = sums.by_bit[b][w] ^ (message.column(tree)[at + w] & mask);
          }
        }
      });
  counter_ += blocks_used(message.rows);
  return blocks_of(rows);
}

}  // namespace polder
#endif
