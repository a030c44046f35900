// What the requester and one bank compute together, each step against plain numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>

#include "base/bits.h"
#include "crypto/ot/oprf.h"
#include "match/quorum/bit_table.h"
#include "match/quorum/counts.h"
#include "match/quorum/ot_choices.h"
#include "match/quorum/pair_setup.h"
#include "match/quorum/private_equality.h"
#include "net/testing/memory_parties.h"

namespace polder::quorum {
namespace {

constexpr Salt salt{1, 2, 3};

/// Party 0 asks, party 1 is the bank; both have set up their OTs.
void run_pair(const std::function<void(Channel&, RequesterSetup&)>& requester,
              const std::function<void(Channel&, BankSetup&)>& bank) {
  MemoryParties scenario(2);
  run_parties(scenario, [&](Parties& parties) {
    if (parties.self() == 0) {
      const BaseOtReceiver base(base_ots);
      parties.to(1).send(base.request());
      RequesterSetup setup = set_up_requester(parties.to(1), {salt, 1}, base);
      requester(parties.to(1), setup);
    } else {
      Bytes request(base_ots * point_bytes);
      parties.to(0).receive(request);
      BankSetup setup = BankAnswer(parties.to(0), {salt, 1}, request).finish(parties.to(0));
      bank(parties.to(0), setup);
    }
  });
}

/// One guess of a block can be compared with what is hashed under one key: that is one pair and
/// slice, and neither end can bring back an old one by itself.
TEST(PairHashes, DifferByBankSaltAndAnswer) {
  std::set<HashKey> keys;
  std::size_t made = 0;
  for (const Salt& slice : {Salt{1}, Salt{2}}) {
    for (const int bank : {0, 1, 63}) {
      for (const Point& answer : {Point{5}, Point{6}}) {
        const PairHashes hashes = pair_hashes(slice, bank, answer);
        for (const HashKey& key : {hashes.base, hashes.trees, hashes.ots}) {
          keys.insert(key);
          ++made;
        }
      }
    }
  }
  EXPECT_EQ(keys.size(), made);
}

Words random_numbers(std::size_t n, int bits, unsigned seed) {
  std::mt19937_64 draw(seed);
  Words numbers(n);
  for (std::uint64_t& number : numbers) number = draw() & low_bits(static_cast<std::size_t>(bits));
  return numbers;
}

TEST(PairSetup, BankHasOneSeedOfEachPair) {
  KeyPairs pairs;
  ChosenKeys chosen;
  run_pair([&](Channel&, RequesterSetup& setup) { pairs = setup.oprf_seeds; },
           [&](Channel&, BankSetup& setup) { chosen = setup.oprf_seeds; });
  ASSERT_EQ(pairs.zero.size(), oprf_columns);
  ASSERT_EQ(chosen.keys.size(), oprf_columns);
  std::size_t ones = 0;
  for (std::size_t i = 0; i < oprf_columns; ++i) {
    ones += chosen.mask(i) & 1;
    EXPECT_EQ(chosen.keys[i], (chosen.mask(i) ? pairs.one : pairs.zero)[i]);
    EXPECT_FALSE(pairs.zero[i] == pairs.one[i]);
  }
  EXPECT_NEAR(static_cast<double>(ones), 256, 6 * 11.3);
}

TEST(BitTable, GivesTheBitAtTheIndex) {
  for (const int width : {1, 3, 6, 7}) {
    const std::size_t n = 100, words = width == 7 ? 2 : 1;
    const Words tables = random_numbers(n * words, 64, 1), indices = random_numbers(n, width, 2);
    Words bits;
    run_pair(
        [&](Channel& bank, RequesterSetup& setup) {
          const Blocks keys = setup.ots.choose(bank, indices, width);
          Words masked(n * words);
          bank.receive_words(masked);
          bits = chosen_bits(masked, width, indices, keys);
        },
        [&](Channel& requester, BankSetup& setup) {
          const BothKeys keys = setup.ots.receive_choices(requester, n, width);
          requester.send_words(mask_tables(tables, width, keys));
        });
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_EQ(bits[i], tables[i * words + indices[i] / 64] >> indices[i] % 64 & 1) << width;
    }
  }
}

void expect_private_equality(const Words& a, const Words& b, int bits) {
  Words requester_bits, bank_bits;
  run_pair(
      [&](Channel& bank, RequesterSetup& setup) {
        PrivateEqualityRequester private_equality(bank, setup.ots, a, bits);
        private_equality.look_up();
        requester_bits = private_equality.finish();
      },
      [&](Channel& requester, BankSetup& setup) {
        bank_bits = private_equality_at_bank(requester, setup.ots, b, bits);
      });
  const std::size_t words = words_for_bits(static_cast<std::size_t>(bits));
  ASSERT_EQ(requester_bits.size() * words, a.size());
  for (std::size_t i = 0; i < requester_bits.size(); ++i) {
    const bool same = std::equal(a.begin() + static_cast<std::ptrdiff_t>(i * words),
                                 a.begin() + static_cast<std::ptrdiff_t>((i + 1) * words),
                                 b.begin() + static_cast<std::ptrdiff_t>(i * words));
    EXPECT_EQ(requester_bits[i] ^ bank_bits[i], same ? 1u : 0u) << bits << " " << i;
  }
}

/// Equal numbers, and numbers at every distance from 1 to all bits.
TEST(PrivateEquality, IsOneForEqualNumbersOnly) {
  for (const int bits : {1, 2, 5, 32, 55, 63}) {
    Words a, b;
    for (int distance = 0; distance <= bits; ++distance) {
      const std::uint64_t number = random_numbers(1, bits, static_cast<unsigned>(distance))[0];
      a.push_back(number);
      b.push_back(number ^ low_bits(static_cast<std::size_t>(distance)));
    }
    expect_private_equality(a, b, bits);
  }
  for (const int bits : {64, 65, 68, 127}) {
    Words a, b;
    const int words = bits > 64 ? 2 : 1;
    for (int distance = 0; distance <= bits; ++distance) {
      for (int word = 0; word < words; ++word) {
        const int here = std::min(64, bits - 64 * word);
        const int differ = std::clamp(distance - 64 * word, 0, here);
        a.push_back(random_numbers(1, here, static_cast<unsigned>(distance + word))[0]);
        b.push_back(a.back() ^ low_bits(static_cast<std::size_t>(differ)));
      }
    }
    expect_private_equality(a, b, bits);
  }
  expect_private_equality(random_numbers(500, 2, 8), random_numbers(500, 2, 9), 2);
  expect_private_equality(Words{}, Words{}, 55);
}

/// The bank's shares are fair coins, so they say nothing.
TEST(PrivateEquality, SharesAreFair) {
  std::size_t ones = 0;
  const Words same(6400, 5);
  run_pair(
      [&](Channel& bank, RequesterSetup& setup) {
        PrivateEqualityRequester private_equality(bank, setup.ots, same, 8);
        private_equality.look_up();
        private_equality.finish();
      },
      [&](Channel& requester, BankSetup& setup) {
        for (const std::uint64_t bit : private_equality_at_bank(requester, setup.ots, same, 8))
          ones += bit;
      });
  EXPECT_NEAR(static_cast<double>(ones), 3200, 6 * 40);
}

TEST(Counts, AreHeldAndFlagged) {
  for (const bool flags : {true, false}) {
    BinBits requester_bits, bank_bits;  // every combination, twice
    for (std::uint64_t i = 0; i < 32; ++i) {
      requester_bits.equal.push_back(i & 1);
      bank_bits.equal.push_back(i >> 1 & 1);
      if (flags) requester_bits.flag.push_back(i >> 2 & 1), bank_bits.flag.push_back(i >> 3 & 1);
    }
    Counts at_requester, at_bank;
    run_pair(
        [&](Channel& bank, RequesterSetup& setup) {
          at_requester = CountsRequester(bank, setup.ots, requester_bits).finish();
        },
        [&](Channel& requester, BankSetup& setup) {
          at_bank = counts_at_bank(requester, setup.ots, bank_bits);
        });
    for (std::uint64_t i = 0; i < 32; ++i) {
      const std::uint64_t held = (i & 1) ^ (i >> 1 & 1), flagged = held & ((i >> 2 ^ i >> 3) & 1);
      EXPECT_EQ(at_requester.held[i] + at_bank.held[i], Element{held}) << i;
      if (!flags) continue;
      EXPECT_EQ(at_requester.flagged[i] + at_bank.flagged[i], Element{flagged}) << i;
    }
    EXPECT_EQ(at_bank.flagged.empty(), !flags);
  }
}

TEST(Counts, RefuseNumbersOutsideTheField) {
  MemoryParties scenario(2);
  try {
    run_parties(scenario, [&](Parties& parties) {
      if (parties.self() == 1) {
        parties.to(0).send_words(Words(1, Element::prime));
        BitColumns ignored(trees, 1);
        return parties.to(0).receive_words(ignored.words);
      }
      RequesterOts ots(grow_trees({random_blocks(tree_keys), random_blocks(tree_keys)}, {}), {});
      CountsRequester(parties.to(1), ots, {Words(1, 0), {}}).finish();
    });
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::cheating) << error.what();
  }
}

}  // namespace
}  // namespace polder::quorum
