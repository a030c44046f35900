// Every virtual of Protocol, over every protocol, against plain C++.
#include "protocol/protocol.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "base/error.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using testing::Party;
using Values = std::vector<std::uint64_t>;

const Recipient to_test{"test", "x"};

/// Random values with the extremes among them.
Values sample(std::size_t n, int width, unsigned seed) {
  std::mt19937_64 draw(seed);
  const std::uint64_t top = low_bits(static_cast<std::size_t>(width));
  const Values special{0, 1, top, top >> 1, (top >> 1) + 1, top - 1};
  Values values(n);
  for (std::size_t i = 0; i < n; ++i)
    values[i] = (i % 3 == 0 ? special[draw() % special.size()] : draw()) & top;
  return values;
}

class EveryProtocol : public ::testing::TestWithParam<std::string> {
 protected:
  /// What `work` returns, opened to an outside recipient.
  Values arith(const std::function<Arith(Party&)>& work) {
    const auto delivered =
        testing::run(GetParam(), [&](Party& party) { party.mpc().open(work(party), to_test); });
    const Words& words = delivered.sums.at("test/x");
    return Values(words.begin(), words.end());
  }
  Values bits(const std::function<Bits(Party&)>& work) {
    const auto delivered =
        testing::run(GetParam(), [&](Party& party) { party.mpc().open(work(party), to_test); });
    const Words rows = delivered.bits.at("test/x").rows();
    return Values(rows.begin(), rows.end());
  }
};

constexpr std::size_t sizes[] = {0, 1, 2, 63, 64, 65, 1000, 32768, 70001};

TEST_P(EveryProtocol, GathersBitsOfRowsThatCrossWords) {
  for (const std::size_t n : {1, 70001}) {
    const Values x = sample(3 * n, 64, 3);
    std::vector<std::uint32_t> from(n / 2 + 1);
    std::mt19937_64 draw(4);
    for (std::uint32_t& row : from) row = static_cast<std::uint32_t>(draw() % n);
    const Values got = bits([&](Party& party) {
      return gather_bits(party.mpc().workers(),
                         to_rows(party.mpc().workers(), party.input_bits(x, n, 190)), from, 50,
                         100);
    });
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::uint64_t* row = &x[3 * from[i]];
      ASSERT_EQ(got[2 * i], row[0] >> 50 | row[1] << 14) << n << " rows, row " << i;
      ASSERT_EQ(got[2 * i + 1], (row[1] >> 50 | row[2] << 14) & low_bits(36));
    }
  }
}

TEST_P(EveryProtocol, OpensWhatWasShared) {
  for (const std::size_t n : sizes) {
    const Values x = sample(n, 64, 1), narrow = sample(n, 13, 2);
    EXPECT_EQ(arith([&](Party& party) { return party.input(x); }), x);
    EXPECT_EQ(bits([&](Party& party) { return party.input_bits(narrow, 13); }), narrow);
    testing::run(GetParam(), [&](Party& party) {
      const Words opened = party.mpc().open(party.input(x), all_nodes);
      EXPECT_TRUE(std::ranges::equal(opened, x));
      EXPECT_TRUE(std::ranges::equal(
          party.mpc().open(party.input_bits(narrow, 13), all_nodes).rows(), narrow));
    });
  }
}

TEST_P(EveryProtocol, Multiplies) {
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{65}, std::size_t{300001}}) {
    const Values x = sample(n, 64, 1), y = sample(n, 64, 2);
    Values expected(n);
    for (std::size_t i = 0; i < n; ++i) expected[i] = x[i] * y[i];
    EXPECT_EQ(arith([&](Party& party) { return party.mpc().mul(party.input(x), party.input(y)); }),
              expected);
  }
}

TEST_P(EveryProtocol, MultipliesMatrices) {
  for (const MatrixShape shape : {MatrixShape{1, 1, 1}, MatrixShape{3, 5, 2},
                                  MatrixShape{67, 130, 515}, MatrixShape{2, 0, 3}}) {
    const Values x = sample(shape.n * shape.k, 64, 1), y = sample(shape.k * shape.m, 64, 2);
    Values expected(shape.n * shape.m, 0);
    for (std::size_t i = 0; i < shape.n; ++i) {
      for (std::size_t j = 0; j < shape.m; ++j) {
        for (std::size_t k = 0; k < shape.k; ++k)
          expected[i * shape.m + j] += x[i * shape.k + k] * y[k * shape.m + j];
      }
    }
    EXPECT_EQ(arith([&](Party& party) {
                return party.mpc().matmul(party.input(x), party.input(y), shape);
              }),
              expected);
  }
}

TEST_P(EveryProtocol, AndsWithSameWidthOrOneBit) {
  for (const std::size_t n : sizes) {
    const Values x = sample(n, 17, 1), y = sample(n, 17, 2), flag = sample(n, 1, 3);
    Values same(n), one(n);
    for (std::size_t i = 0; i < n; ++i) same[i] = x[i] & y[i], one[i] = flag[i] ? x[i] : 0;
    EXPECT_EQ(bits([&](Party& party) {
                return party.mpc().bit_and(party.input_bits(x, 17), party.input_bits(y, 17));
              }),
              same);
    EXPECT_EQ(bits([&](Party& party) {
                return party.mpc().bit_and(party.input_bits(x, 17), party.input_bits(flag, 1));
              }),
              one);
  }
}

TEST_P(EveryProtocol, InvertsAndTakesConstants) {
  const Values x = sample(777, 9, 1);
  Values inverted(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) inverted[i] = ~x[i] & low_bits(9);
  EXPECT_EQ(bits([&](Party& party) { return party.mpc().bit_not(party.input_bits(x, 9)); }),
            inverted);
  EXPECT_EQ(bits([&](Party& party) { return party.mpc().constant(3, 9, 0x155); }),
            Values(3, 0x155));
  EXPECT_EQ(arith([&](Party& party) { return party.mpc().constant(3, 77); }), Values(3, 77));
}

TEST_P(EveryProtocol, TakesTheExclusiveOrOfAllRows) {
  for (const std::size_t n : sizes) {
    const Values x = sample(n, 9, 5);
    const Values due{std::accumulate(x.begin(), x.end(), std::uint64_t{0}, std::bit_xor{})};
    EXPECT_EQ(bits([&](Party& party) {
                // Turned over twice, so that what lies past the last row is not zero.
                return total(party.mpc().bit_not(party.mpc().bit_not(party.input_bits(x, 9))));
              }),
              due)
        << n;
    EXPECT_EQ(
        bits([&](Party& party) { return total(party.mpc().bit_not(party.input_bits(x, 9))); }),
        Values{due[0] ^ (n % 2 == 0 ? 0 : low_bits(9))})
        << n;
  }
}

TEST_P(EveryProtocol, ConvertsOneBitToANumber) {
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{65}, std::size_t{70001}, std::size_t{400000}}) {
    const Values x = sample(n, 1, 4);
    EXPECT_EQ(arith([&](Party& party) { return party.mpc().to_arith(party.input_bits(x, 1)); }), x);
  }
}

TEST_P(EveryProtocol, ConvertsNumbersToBits) {
  for (const std::size_t n : sizes) {
    const Values x = sample(n, 64, 5);
    EXPECT_EQ(bits([&](Party& party) { return party.mpc().to_bits(party.input(x)); }), x);
  }
}

TEST_P(EveryProtocol, TakesAnyOneBitOfANumber) {
  const Values x = sample(501, 64, 6);
  for (const int i : {0, 1, 2, 3, 31, 32, 62, 63}) {
    Values expected(x.size());
    for (std::size_t r = 0; r < x.size(); ++r) expected[r] = x[r] >> i & 1;
    EXPECT_EQ(bits([&](Party& party) { return party.mpc().to_bit(party.input(x), i); }), expected)
        << "bit " << i;
  }
}

TEST_P(EveryProtocol, TruncatesExactly) {
  const Values x = sample(40001, 64, 7);
  for (const int shift : {0, 1, 2, 20, 32, 33, 62, 63}) {
    Values expected(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      expected[i] = static_cast<std::uint64_t>(static_cast<std::int64_t>(x[i]) >> shift);
    }
    EXPECT_EQ(arith([&](Party& party) { return party.mpc().truncate(party.input(x), shift); }),
              expected)
        << shift;
  }
}

TEST_P(EveryProtocol, TruncatesNearlyOverTheWholeRange) {
  constexpr std::uint64_t edge = std::uint64_t{1} << 62;
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{300001}}) {
    Values x = sample(n, 63, 7);
    const Values extremes{0, edge, 2 * edge - 1, edge - 1, edge + 1, 1};
    for (std::size_t i = 0; i < n; i += 3) x[i] = extremes[i / 3 % extremes.size()];
    for (auto& value : x) value -= edge;
    for (const int shift : {1, 2, 31, 32, 61, 62}) {
      const Values near = arith(
          [&](Party& party) { return party.mpc().truncate_probabilistic(party.input(x), shift); });
      for (std::size_t i = 0; i < n; ++i) {
        const auto floor = static_cast<std::uint64_t>(static_cast<std::int64_t>(x[i]) >> shift);
        ASSERT_LE(floor - near[i], 1u) << static_cast<std::int64_t>(x[i]) << " by " << shift;
      }
    }
  }
}

TEST_P(EveryProtocol, MultipliesAndTruncatesNearly) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{300001}}) {
    Values x = sample(n, 32, 7), y = sample(n, 31, 8);
    for (auto& value : x)
      value -= std::uint64_t{1} << 31;  // products from -2^62 to just below 2^62
    for (const int shift : {1, 20, 31, 62}) {
      const Values near = arith([&](Party& party) {
        return party.mpc().mul_truncate_probabilistic(party.input(x), party.input(y), shift);
      });
      for (std::size_t i = 0; i < n; ++i) {
        const auto floor =
            static_cast<std::uint64_t>(static_cast<std::int64_t>(x[i] * y[i]) >> shift);
        ASSERT_LE(floor - near[i], 1u) << static_cast<std::int64_t>(x[i]) << " * " << y[i];
      }
    }
  }
}

TEST_P(EveryProtocol, SetsAllBitsBelowTheHighest) {
  for (const int width : {1, 2, 3, 5, 31, 64}) {
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{70001}}) {
      Values x = sample(n, width, 9);
      for (std::size_t i = 0; i < n; i += 2) x[i] >>= i % 64;
      Values expected(n);
      for (std::size_t i = 0; i < n; ++i)
        expected[i] = low_bits(static_cast<std::size_t>(std::bit_width(x[i])));
      EXPECT_EQ(
          bits([&](Party& party) { return party.mpc().suffix_or(party.input_bits(x, width)); }),
          expected);
    }
  }
}

TEST_P(EveryProtocol, MultipliesPartsOfColumns) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{100003}}) {
    const Values x = sample(3 * n, 64, 1), y = sample(2 * n, 64, 2);
    Values products(2 * n), sum(n);
    for (std::size_t i = 0; i < n; ++i) {
      products[i] = x[2 * n + i] * y[i], products[n + i] = x[i] * y[n + i];
      sum[i] = products[i] + products[n + i];
    }
    const auto each = [&](Party& party, bool summed) {
      const Arith a = party.input(x), b = party.input(y);
      return summed ? party.mpc().mul_sum(n, {{&a, 2 * n}, {&a}}, {{&b}, {&b, n}})
                    : party.mpc().mul_each(n, {{&a, 2 * n}, {&a}}, {{&b}, {&b, n}});
    };
    EXPECT_EQ(arith([&](Party& party) { return each(party, false); }), products);
    EXPECT_EQ(arith([&](Party& party) { return each(party, true); }), sum);
  }
}

TEST_P(EveryProtocol, AddsAPublicNumberAndSumsProducts) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{300001}}) {
    const Values x = sample(n, 64, 1), y = sample(n, 64, 2), z = sample(n, 64, 3);
    Values more(n), sum(n);
    for (std::size_t i = 0; i < n; ++i)
      more[i] = x[i] + 77, sum[i] = x[i] * y[i] + y[i] * z[i] + x[i];
    EXPECT_EQ(arith([&](Party& party) { return party.mpc().add(party.input(x), 77); }), more);
    EXPECT_EQ(arith([&](Party& party) {
                const Arith a = party.input(x), b = party.input(y), c = party.input(z);
                const Arith one = party.mpc().constant(n, 1);
                return party.mpc().mul_sum(n, {{&a}, {&b}, {&one}}, {{&b}, {&c}, {&a}});
              }),
              sum);
  }
}

TEST_P(EveryProtocol, ComparesEveryWidth) {
  for (const int width : {1, 2, 3, 5, 7, 8, 31, 32, 33, 63, 64}) {
    for (const std::size_t n :
         {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{1000}, std::size_t{70001}}) {
      const Values x = sample(n, width, 8);
      Values y = sample(n, width, 9);
      for (std::size_t i = 0; i < n; i += 4) y[i] = x[i];
      Values below(n), same(n);
      for (std::size_t i = 0; i < n; ++i) below[i] = x[i] < y[i], same[i] = x[i] == y[i];
      EXPECT_EQ(bits([&](Party& p) {
                  return p.mpc().less_than(p.input_bits(x, width), p.input_bits(y, width));
                }),
                below)
          << n << " rows of " << width;
      EXPECT_EQ(bits([&](Party& p) {
                  return p.mpc().equal(p.input_bits(x, width), p.input_bits(y, width));
                }),
                same)
          << n << " rows of " << width;
    }
  }
}

TEST_P(EveryProtocol, ComparesRowsWiderThanAWord) {
  const std::size_t n = 1000;
  Values x = sample(2 * n, 64, 10), y = sample(2 * n, 64, 11);
  const auto high = [](std::uint64_t word) { return word & low_bits(20); };
  for (std::size_t i = 0; i < n; i += 3) y[2 * i + 1] = x[2 * i + 1];
  for (std::size_t i = 0; i < n; i += 6) y[2 * i] = x[2 * i];
  Values below(n), same(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto a = std::pair(high(x[2 * i + 1]), x[2 * i]),
               b = std::pair(high(y[2 * i + 1]), y[2 * i]);
    below[i] = a < b, same[i] = a == b;
  }
  EXPECT_EQ(bits([&](Party& p) {
              return p.mpc().less_than(p.input_bits(x, n, 84), p.input_bits(y, n, 84));
            }),
            below);
  EXPECT_EQ(
      bits([&](Party& p) { return p.mpc().equal(p.input_bits(x, n, 84), p.input_bits(y, n, 84)); }),
      same);
}

TEST_P(EveryProtocol, ShufflesColumnsTogetherAndBack) {
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{1000}, std::size_t{70001}}) {
    Values number(n);
    std::iota(number.begin(), number.end(), 0);
    Values wide(2 * n);
    for (std::size_t i = 0; i < n; ++i) wide[2 * i] = i * 3, wide[2 * i + 1] = i & low_bits(6);
    testing::run(GetParam(), [&](Party& party) {
      Protocol& mpc = party.mpc();
      const auto shuffle = mpc.shuffle(n);
      const std::vector<Column> before{party.input(number), party.input_bits(wide, n, 70),
                                       party.input(number)};
      const std::vector<Column> after = shuffle->apply(before);
      const Words order = mpc.open(std::get<Arith>(after[0]), all_nodes);
      const Words moved = mpc.open(std::get<Bits>(after[1]), all_nodes).rows();
      EXPECT_EQ(order, mpc.open(std::get<Arith>(after[2]), all_nodes));
      Words sorted = order;
      std::ranges::sort(sorted);
      EXPECT_TRUE(std::ranges::equal(sorted, number));
      if (n >= 1000) {
        EXPECT_FALSE(std::ranges::equal(order, number));
      }
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_EQ(moved[2 * i], order[i] * 3);
        ASSERT_EQ(moved[2 * i + 1], order[i] & low_bits(6));
      }
      const std::vector<Column> back = shuffle->invert(after);
      EXPECT_TRUE(std::ranges::equal(mpc.open(std::get<Arith>(back[0]), all_nodes), number));
      EXPECT_TRUE(std::ranges::equal(mpc.open(std::get<Bits>(back[1]), all_nodes).rows(), wide));
    });
  }
}

/// Asks fixed pairs, in steps, and keeps the answers.
class FixedPairs final : public Inquiry {
 public:
  FixedPairs(std::vector<std::pair<Indices, Indices>> steps) : steps_(std::move(steps)) {}
  bool ask(Indices& left, Indices& right) override {
    if (answers.size() == steps_.size()) return false;
    left = steps_[answers.size()].first, right = steps_[answers.size()].second;
    return true;
  }
  void hear(std::span<const std::uint64_t> words) override {
    answers.emplace_back(words.begin(), words.end());
  }
  std::vector<Values> answers;

 private:
  std::vector<std::pair<Indices, Indices>> steps_;
};

TEST_P(EveryProtocol, OpensTheOrderOfPickedRows) {
  for (const int width : {2, 3, 20, 64, 84}) {
    const std::size_t n = width == 2   ? 4
                          : width == 3 ? 7
                                       : 500,
                      words = words_for_bits(static_cast<std::size_t>(width));
    std::mt19937_64 draw(12);
    Values keys(n * words, 0);  // distinct in the low bits
    Values numbers(n);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::shuffle(numbers.begin(), numbers.end(), draw);
    for (std::size_t i = 0; i < n; ++i) {
      keys[i * words] =
          width <= 3 ? numbers[i]
                     : numbers[i] | (((draw() & 0xff) << 10) &
                                     low_bits(static_cast<std::size_t>(std::min(width, 64))));
      if (words == 2) keys[i * words + 1] = draw() & 1;
    }
    const auto below = [&](std::size_t i, std::size_t j) {
      return words == 1 ? keys[i] < keys[j]
                        : std::pair(keys[2 * i + 1], keys[2 * i]) <
                              std::pair(keys[2 * j + 1], keys[2 * j]);
    };
    std::vector<std::pair<Indices, Indices>> steps;
    for (std::size_t step = 0; step < 3; ++step) {
      auto& [left, right] = steps.emplace_back();
      for (std::size_t i = 0; i < 1000 * step + 1; ++i) {
        left.push_back(static_cast<std::uint32_t>(draw() % n));
        right.push_back(static_cast<std::uint32_t>((left.back() + 1 + draw() % (n - 1)) % n));
      }
    }
    testing::run(GetParam(), [&](Party& party) {
      FixedPairs all(steps), first({steps[1]}), none({});
      std::vector<Inquiry*> inquiries{&all, &none, &first};
      party.mpc().open_order(to_rows(party.mpc().workers(), party.input_bits(keys, n, width)),
                             width, inquiries);
      ASSERT_EQ(all.answers.size(), 3u);
      ASSERT_EQ(first.answers.size(), 1u);
      for (std::size_t step = 0; step < 3; ++step) {
        for (std::size_t i = 0; i < steps[step].first.size(); ++i) {
          ASSERT_EQ(all.answers[step][i / 64] >> i % 64 & 1,
                    below(steps[step].first[i], steps[step].second[i]));
        }
      }
      EXPECT_EQ(first.answers[0], all.answers[1]);
    });
  }
}

TEST_P(EveryProtocol, RefusesToCompareARowWithItself) {
  if (GetParam() == "cleartext") GTEST_SKIP() << "nothing is secret there";
  EXPECT_THROW(testing::run(GetParam(),
                            [&](Party& party) {
                              FixedPairs self({{Indices{1}, Indices{1}}});
                              std::vector<Inquiry*> inquiries{&self};
                              party.mpc().open_order(
                                  to_rows(party.mpc().workers(), party.input_bits({1, 2}, 4)), 4,
                                  inquiries);
                            }),
               Error);
}

TEST_P(EveryProtocol, DrawsRandomValuesThatDiffer) {
  testing::run(GetParam(), [&](Party& party) {
    constexpr std::size_t n = 100'000;  // a part on each lane
    const Words x = party.mpc().open(party.mpc().random(n), all_nodes);
    const Words y = party.mpc().open(party.mpc().random_bits(n, 64), all_nodes).rows();
    std::vector<std::uint64_t> all(x.begin(), x.end());
    all.insert(all.end(), y.begin(), y.end());
    std::ranges::sort(all);
    EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
  });
}

// A product's message without its share of zero is a function of the inputs, from which one node
// recovered x in another system (CrypTen, issue 518): the same product twice must put different
// words on the line.
TEST(Rep3, ResharingIsMasked) {
  constexpr std::size_t n = 1024;  // every message has n words
  const Values x = sample(n, 64, 1), y = sample(n, 64, 2);
  const auto seen = testing::record(1, Recording::Keep::bytes, [&](Party& party) {
    const Arith a = party.input(x), b = party.input(y);
    const Bits c = party.input_bits(x, 64), d = party.input_bits(y, 64);
    for (int turn = 0; turn < 2; ++turn) party.mpc().mul(a, b);
    for (int turn = 0; turn < 2; ++turn) party.mpc().bit_and(c, d);
    for (int turn = 0; turn < 2; ++turn) party.mpc().matmul(a, slice(b, 0, 1), {n, 1, 1});
  });
  for (const Recording& node : seen) {
    const Bytes& bytes = node.bytes(Recording::Direction::received);
    ASSERT_EQ(bytes.size(), 6 * 8 * n);
    const std::size_t message = bytes.size() / 6;
    for (const std::size_t first : {std::size_t{0}, 2 * message, 4 * message}) {
      std::size_t equal = 0;
      for (std::size_t i = 0; i < message; ++i)
        equal += bytes[first + i] == bytes[first + message + i];
      EXPECT_LT(equal, message / 128) << "of about " << message / 256 << " by chance";
    }
  }
}

// The others wait for it on all lanes, of which two are not the one that it fails on.
TEST(Rep3, ANodeThatFailsBetweenLanesEndsTheRunAtOnce) {
  const auto start = std::chrono::steady_clock::now();
  try {
    testing::run(testing::rep3_on_lanes(3), [](Party& party) {
      const Arith x = party.input(Values(100'000, 3));
      party.mpc().mul(x, x);
      if (party.role() == 1) fail(Code::cancelled, "enough");
      party.mpc().mul(x, x);
    });
    FAIL() << "no error came out";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::cancelled);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60))
      << "somebody waited until the peers' silence was too long";
}

INSTANTIATE_TEST_SUITE_P(All, EveryProtocol, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace polder
