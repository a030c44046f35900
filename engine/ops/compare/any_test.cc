#include "ops/compare/any.h"

#include <gtest/gtest.h>

#include "protocol/testing/every_protocol.h"

namespace polder {
namespace {

using testing::Party;

class Any : public ::testing::TestWithParam<std::string> {};

TEST_P(Any, IsTheOrOfAllRows) {
  for (const std::size_t n : {0, 1, 2, 3, 64, 1001, 70001}) {
    for (const std::size_t set : {n, std::size_t{0}, n / 2, n - 1}) {
      std::vector<std::uint64_t> values(n, 0);
      if (set < n) values[set] = 5;
      testing::run(GetParam(), [&](Party& party) {
        const Words opened =
            party.mpc().open(any(party.mpc(), party.input_bits(values, 3)), all_nodes).rows();
        EXPECT_EQ(opened, Words{set < n ? 5u : 0u}) << n << " rows, set " << set;
      });
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Any, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace polder
