#include "ml/matrix.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Matrix : public Operator {};

TEST_P(Matrix, IsTurnedAndRepeated) {
  const Values x{1, 2, 3, 4, 5, 6};
  const auto of = [&](auto&& work) {
    return arith([&](Party& party) { return work(party.mpc(), party.input(x)); });
  };
  EXPECT_EQ(of([](Protocol& mpc, const Arith& a) { return transposed(mpc, a, 2, 3); }),
            (Values{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(of([](Protocol& mpc, const Arith& a) { return each_repeated(mpc, slice(a, 0, 2), 3); }),
            (Values{1, 1, 1, 2, 2, 2}));
  EXPECT_EQ(of([](Protocol& mpc, const Arith& a) { return all_repeated(mpc, slice(a, 0, 2), 3); }),
            (Values{1, 2, 1, 2, 1, 2}));
  EXPECT_EQ(of([](Protocol& mpc, const Arith& a) { return diagonal(mpc, slice(a, 0, 4), 2); }),
            (Values{1, 4}));
  EXPECT_EQ(of([](Protocol& mpc, const Arith& a) { return diagonal_matrix(mpc, slice(a, 1, 2)); }),
            (Values{2, 0, 0, 3}));
  EXPECT_TRUE(of([](Protocol& mpc, const Arith& a) { return all_repeated(mpc, a, 0); }).empty());
}

TEST_P(Matrix, NumbersAreRoundedAndClamped) {
  const Values x = sample(500, 64, 1);
  const Values rounded =
      arith([&](Party& party) { return rounded_shift(party.mpc(), party.input(x), 9); });
  const Values within =
      arith([&](Party& party) { return clamped(party.mpc(), party.input(x), 1000); });
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(as_signed(rounded[i], 64), as_signed(x[i] + 256, 64) >> 9);
    ASSERT_EQ(as_signed(within[i], 64), std::clamp<std::int64_t>(as_signed(x[i], 64), -1000, 1000));
  }
  const auto inside = [&](const Values& y) {
    return bits([&](Party& party) { return all_within(party.mpc(), party.input(y), 7); }).at(0);
  };
  EXPECT_EQ(inside({7, 0, 0 - std::uint64_t{7}}), 1u);
  EXPECT_EQ(inside({7, 8, 0}), 0u);
  EXPECT_EQ(inside({0 - std::uint64_t{8}}), 0u);
  EXPECT_EQ(inside({std::uint64_t{1} << 63, std::uint64_t{1} << 62}), 0u);
  EXPECT_EQ(inside({}), 1u);
}

POLDER_EVERY_PROTOCOL(Matrix);

}  // namespace
}  // namespace polder
