// What one node sees of every operator: frames whose number, order and lengths say nothing about
// the data, uniform bytes, and other bytes with other keys.
#include <cmath>
#include <numeric>

#include "ops/order/sorting_table_fixture.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using namespace testing;
using std::chrono::milliseconds;

class Oblivious : public ::testing::TestWithParam<OperatorRow> {
 protected:
  /// What passes at each node while the operator runs on each set of operands in turn.
  static std::array<Recording, 3> recorded(unsigned keys, Recording::Keep keep,
                                           const std::vector<PlainOperands>& sets) {
    return record(keys, keep, [&](Party& party) {
      for (const PlainOperands& plain : sets) {
        GetParam().run(party.mpc(), Operands(party, plain));
      }
    });
  }
};

Values counted(std::size_t n) {
  Values numbers(n);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

PlainOperands all_equal(std::size_t n, std::uint64_t value) {
  return {Values(n, value), Values(n, value), Values(n, value & 1), counted(n)};
}

/// Data as different as sizes allow: constants, sorted, few bits, many bits, edges.
PlainOperands various(std::size_t n, unsigned seed) {
  std::mt19937_64 draw(seed);
  const auto column = [&]() -> Values {
    switch (draw() % 6) {
      case 0:
        return Values(n, draw());
      case 1:
        return Values(n, draw() % 2 == 0 ? 0 : ~std::uint64_t{0});
      case 2:
        return counted(n);
      case 3:
        return spread_sample(n, static_cast<unsigned>(draw()));
      case 4:
        return sample(n, static_cast<int>(draw() % 64 + 1), static_cast<unsigned>(draw()));
      default:
        return Values(n, std::uint64_t{1} << draw() % 64);
    }
  };
  PlainOperands plain{column(), column(), column(), counted(n)};
  for (auto& flag : plain.flags) flag &= 1;
  if (draw() % 4 != 0) std::shuffle(plain.order.begin(), plain.order.end(), draw);
  return plain;
}

TEST_P(Oblivious, FramesAreAlikeForTwoHundredDataSets) {
  constexpr std::size_t rows = 130, data_sets = 201;
  std::vector<PlainOperands> sets{all_equal(rows, 0), all_equal(rows, ~std::uint64_t{0})};
  while (sets.size() < data_sets) sets.push_back(various(rows, static_cast<unsigned>(sets.size())));
  const auto recordings = recorded(1, Recording::Keep::lengths, sets);
  for (const Recording& node : recordings) {
    const auto& frames = node.frames();
    ASSERT_EQ(frames.size() % data_sets, 0u);
    const std::size_t each = frames.size() / data_sets;
    for (std::size_t i = each; i < frames.size(); ++i) {
      ASSERT_EQ(frames[i], frames[i % each]) << "data set " << i / each << ", frame " << i % each;
    }
  }
}

/// Chi-square over byte values as a normal deviate (Wilson, Hilferty 1931; 255 degrees of freedom).
double deviate(std::span<const std::uint8_t> bytes) {
  std::array<double, 256> seen{};
  for (const std::uint8_t byte : bytes) seen[byte] += 1;
  const double expected = static_cast<double>(bytes.size()) / 256;
  double chi_square = 0;
  for (const double count : seen) chi_square += (count - expected) * (count - expected) / expected;
  const double spread = 2.0 / (9 * 255);
  return (std::cbrt(chi_square / 255) - (1 - spread)) / std::sqrt(spread);
}

/// p of every node is in [1e-4, 1 - 1e-4].
bool looks_uniform(const std::array<Recording, 3>& recordings) {
  return std::ranges::all_of(recordings, [](const Recording& node) {
    const auto& bytes = node.bytes(Recording::Direction::received);
    return bytes.size() < 5 * 256 || std::abs(deviate(bytes)) < 3.719;
  });
}

/// Some of 300 columns of bytes may fail by chance (2e-4 each), so other keys get two more chances:
/// 3e-9 in all. The keys are fixed, so this never flickers.
template <typename RecordedWith>
bool looks_uniform_with_some_keys(const RecordedWith& recorded_with) {
  for (unsigned keys = 1; keys <= 3; ++keys) {
    if (looks_uniform(recorded_with(keys))) return true;
  }
  return false;
}

// Rows fill whole words: the end of an opened column is cleared.
TEST_P(Oblivious, ReceivedBytesAreUniformForExtremeData) {
  for (const std::uint64_t value : {std::uint64_t{0}, ~std::uint64_t{0}}) {
    const std::vector<PlainOperands> sets(6, all_equal(4096, value));
    EXPECT_TRUE(looks_uniform_with_some_keys([&](unsigned keys) {
      return recorded(keys, Recording::Keep::bytes, sets);
    })) << "all operands "
        << value;
  }
}

// The shares of the operands are the same: a product whose masks are missing sends the same words
// whatever the nodes' keys.
TEST_P(Oblivious, OtherKeysSendOtherBytes) {
  const std::vector<PlainOperands> sets{various(1024, 3)};
  const auto first = recorded(1, Recording::Keep::hashes, sets);
  const auto second = recorded(2, Recording::Keep::hashes, sets);
  for (std::size_t node = 0; node < 3; ++node) {
    if (first[node].frames().empty()) continue;
    EXPECT_EQ(first[node], second[node]);
    for (const auto direction : {Recording::Direction::sent, Recording::Direction::received}) {
      const bool any = std::ranges::any_of(first[node].frames(), [&](const auto& frame) {
        return frame.direction == direction && frame.bytes > 0;
      });
      if (any) {
        EXPECT_NE(first[node].hash(direction), second[node].hash(direction)) << "node " << node;
      }
    }
  }
}

// What a node sees of the operators that open an order, near and far: of rows in one order, as for
// a match (match/view_release_test.cc).
class ObliviousSorting : public ::testing::TestWithParam<OperatorRow> {
 protected:
  static std::array<Recording, 3> recorded(unsigned keys, Recording::Keep keep,
                                           milliseconds one_way, const PlainOperands& plain) {
    return record(
        keys, keep, [&](Party& party) { GetParam().run(party.mpc(), Operands(party, plain)); },
        rep3::schedule_for(one_way));
  }
};

TEST_P(ObliviousSorting, FramesAreAlikeInTenScenarios) {
  for (const milliseconds one_way : {milliseconds(0), milliseconds(10)}) {
    const auto lengths = [&](unsigned seed, unsigned sharing, unsigned valid) {
      return recorded(1, Recording::Keep::lengths, one_way,
                      alike_operands(300, seed, sharing, valid));
    };
    const auto first = lengths(0, 0, 0);
    for (unsigned seed = 1; seed < 10; ++seed)
      ASSERT_EQ(lengths(seed, seed % 9, seed % 8 + 1), first) << "scenario " << seed;
  }
}

TEST_P(ObliviousSorting, ReceivedBytesAreUniformForExtremeScenarios) {
  for (const unsigned extreme : {0u, 8u}) {
    const PlainOperands plain = alike_operands(4096, 1, extreme, extreme);
    EXPECT_TRUE(looks_uniform_with_some_keys([&](unsigned keys) {
      return recorded(keys, Recording::Keep::bytes, milliseconds(0), plain);
    })) << extreme;
  }
}

std::string name_of(const ::testing::TestParamInfo<OperatorRow>& test) {
  std::string name = test.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Oblivious, ::testing::ValuesIn(operator_table()), name_of);
INSTANTIATE_TEST_SUITE_P(All, ObliviousSorting, ::testing::ValuesIn(sorting_table()), name_of);

}  // namespace
}  // namespace polder
