// The three nodes' parts of every kernel, put together, against plain code: on each instruction set
// that this processor has.
#include "protocol/rep3/kernels.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <array>
#include <functional>
#include <random>
#include <vector>

namespace polder::rep3 {
namespace {

using Row = std::vector<std::uint64_t>;

std::mt19937_64& draws() {
  static std::mt19937_64 draw(1);
  return draw;
}

Row random_row(std::size_t n) {
  Row row(n);
  for (auto& word : row) word = draws()();
  return row;
}

/// A secret row: its value and the components of all three nodes.
struct Shared {
  Row value;
  std::array<Row, 3> component;

  Wire at(std::size_t node) const {
    return {component[node].data(), component[(node + 1) % 3].data()};
  }
};

Shared exclusive_or(std::size_t n) {
  Shared x{Row(n), {random_row(n), random_row(n), random_row(n)}};
  for (std::size_t i = 0; i < n; ++i)
    x.value[i] = x.component[0][i] ^ x.component[1][i] ^ x.component[2][i];
  return x;
}

Shared sum(std::size_t n) {
  Shared x = exclusive_or(n);
  for (std::size_t i = 0; i < n; ++i)
    x.value[i] = x.component[0][i] + x.component[1][i] + x.component[2][i];
  return x;
}

/// One stream's words at each node, as masks.
struct Masks {
  explicit Masks(std::size_t n) : words{random_row(n), random_row(n), random_row(n)} {}
  Mask at(std::size_t node) const { return {words[node].data(), words[(node + 1) % 3].data()}; }
  std::array<Row, 3> words;
};

/// part(node, z) for the three nodes, their answers joined by `join`.
template <typename Join>
Row together(std::size_t n, Join join,
             const std::function<void(std::size_t, std::uint64_t*)>& part) {
  Row all(n, 0);
  for (std::size_t node = 0; node < 3; ++node) {
    Row z(n, 77);
    part(node, z.data());
    for (std::size_t i = 0; i < n; ++i) all[i] = join(all[i], z[i]);
  }
  return all;
}

template <typename Oracle>
Row expected(std::size_t n, Oracle oracle) {
  Row row(n);
  for (std::size_t i = 0; i < n; ++i) row[i] = oracle(i);
  return row;
}

class Kernels : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()), choose_again(); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0), choose_again(); }
  static void choose_again() { hwy::GetChosenTarget().Update(hwy::SupportedTargets()); }
  static constexpr std::size_t sizes[] = {0, 1, 3, 7, 8, 9, 31, 64, 1003};
};

constexpr std::bit_xor<std::uint64_t> by_xor;
constexpr std::plus<std::uint64_t> by_sum;

std::uint64_t choice(std::uint64_t choose, std::uint64_t high, std::uint64_t low) {
  return (choose & high) | (~choose & low);
}

TEST_P(Kernels, GatesOfOneAnswer) {
  for (const std::size_t n : sizes) {
    const Shared a = exclusive_or(n), b = exclusive_or(n), c = exclusive_or(n), d = exclusive_or(n);
    const Masks masks(n);
    EXPECT_EQ(together(n, by_xor,
                       [&](std::size_t i, std::uint64_t* z) {
                         and_words(z, a.at(i), b.at(i), masks.at(i), n);
                       }),
              expected(n, [&](std::size_t i) { return a.value[i] & b.value[i]; }));
    EXPECT_EQ(together(n, by_xor,
                       [&](std::size_t i, std::uint64_t* z) {
                         or_words(z, a.at(i), b.at(i), masks.at(i), n);
                       }),
              expected(n, [&](std::size_t i) { return a.value[i] | b.value[i]; }));
    EXPECT_EQ(
        together(n, by_xor,
                 [&](std::size_t i, std::uint64_t* z) {
                   select_words(z, a.at(i), b.at(i), c.at(i), masks.at(i), n);
                 }),
        expected(n, [&](std::size_t i) { return choice(a.value[i], b.value[i], c.value[i]); }));
    EXPECT_EQ(together(n, by_xor,
                       [&](std::size_t i, std::uint64_t* z) {
                         unequal_words(z, {a.at(i), b.at(i)}, {c.at(i), d.at(i)}, masks.at(i), n);
                       }),
              expected(n, [&](std::size_t i) {
                return (a.value[i] ^ b.value[i]) | (c.value[i] ^ d.value[i]);
              }));
  }
}

TEST_P(Kernels, WindowsOfTwoAnswers) {
  for (const std::size_t n : sizes) {
    const Shared a = exclusive_or(n), b = exclusive_or(n), c = exclusive_or(n), d = exclusive_or(n);
    const Masks masks(n), more(n);
    for (const bool places : {false, true}) {
      Row value(n, 0), differ(n, 0);
      for (std::size_t i = 0; i < 3; ++i) {
        Row v(n), w(n);
        if (places) {
          join_places({v.data(), w.data()}, {a.at(i), b.at(i)}, {c.at(i), d.at(i)}, masks.at(i),
                      more.at(i), n);
        } else {
          join_windows({v.data(), w.data()}, {a.at(i), b.at(i)}, {c.at(i), d.at(i)}, masks.at(i),
                       more.at(i), n);
        }
        for (std::size_t k = 0; k < n; ++k) value[k] ^= v[k], differ[k] ^= w[k];
      }
      for (std::size_t k = 0; k < n; ++k) {
        const std::uint64_t high_differs = places ? a.value[k] ^ b.value[k] : b.value[k];
        const std::uint64_t low_differs = places ? c.value[k] ^ d.value[k] : d.value[k];
        const std::uint64_t high = places ? b.value[k] : a.value[k];
        const std::uint64_t low = places ? d.value[k] : c.value[k];
        ASSERT_EQ(value[k], choice(high_differs, high, low)) << n << ' ' << places;
        ASSERT_EQ(differ[k], high_differs | low_differs) << n << ' ' << places;
      }
    }
  }
}

TEST_P(Kernels, ProductsOfNumbers) {
  for (const std::size_t n : sizes) {
    const Shared a = sum(n), b = sum(n), c = sum(n), d = sum(n);
    const Masks masks(n);
    EXPECT_EQ(together(n, by_sum,
                       [&](std::size_t i, std::uint64_t* z) {
                         mul_words(z, a.at(i), b.at(i), masks.at(i), n);
                         add_mul_words(z, c.at(i), d.at(i), n);
                       }),
              expected(n, [&](std::size_t i) {
                return a.value[i] * b.value[i] + c.value[i] * d.value[i];
              }));
  }
}

TEST_P(Kernels, LocalWork) {
  for (const std::size_t n : sizes) {
    const Row x = random_row(n), y = random_row(n), bits = random_row(n / 64 + 1);
    Row z(n), spread(n);
    xor_words(z.data(), x.data(), y.data(), n);
    EXPECT_EQ(z, expected(n, [&](std::size_t i) { return x[i] ^ y[i]; }));
    spread_bits(spread.data(), bits.data(), n);
    EXPECT_EQ(spread, expected(n, [&](std::size_t i) { return bits[i / 64] >> i % 64 & 1; }));
  }
}

TEST_P(Kernels, MatrixProducts) {
  struct Shape {
    std::size_t n, k, m;
  };
  for (const auto [n, k, m] : {Shape{1, 1, 1}, {3, 5, 7}, {13, 4, 33}, {6, 70, 32}, {7, 9, 65}}) {
    const Row x = random_row(n * k), y = random_row(k * m), before = random_row(n * m);
    Row z = before;
    add_matrix_product(z.data(), x.data(), y.data(), n, k, m);
    EXPECT_EQ(z, expected(n * m, [&](std::size_t at) {
                std::uint64_t entry = before[at];
                for (std::size_t i = 0; i < k; ++i) entry += x[at / m * k + i] * y[i * m + at % m];
                return entry;
              }));
  }
}

std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> all;
  for (std::int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1)
    all.push_back(left & -left);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Targets, Kernels, testing::ValuesIn(targets()),
                         [](const auto& target) { return hwy::TargetName(target.param); });

}  // namespace
}  // namespace polder::rep3
