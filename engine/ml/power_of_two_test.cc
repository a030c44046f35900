#include "ml/power_of_two.h"

#include <bit>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class PowerOfTwo : public Operator {};

TEST_P(PowerOfTwo, BringsEveryNumberToFullLength) {
  for (const int width : {1, 2, 13, 30}) {
    Values x = sample(200, width, 1);
    for (std::size_t i = 0; i < x.size(); i += 2) x[i] >>= i % static_cast<std::size_t>(width);
    const Values full =
        arith([&](Party& party) { return power_to_full(party.mpc(), party.input_bits(x, width)); });
    const Values root = arith(
        [&](Party& party) { return root_power_to_full(party.mpc(), party.input_bits(x, width)); });
    for (std::size_t i = 0; i < x.size(); ++i) {
      const int short_by = width - static_cast<int>(std::bit_width(x[i]));
      ASSERT_EQ(full[i], std::uint64_t{1} << short_by);
      ASSERT_EQ(root[i], std::uint64_t{1} << short_by / 2);
    }
  }
}

POLDER_EVERY_PROTOCOL(PowerOfTwo);

}  // namespace
}  // namespace polder
