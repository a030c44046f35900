// What replay promises: the node alone does just what it did among the three.
#include <gtest/gtest.h>

#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

void some_work(testing::Party& party) {
  const Words numbers(300, 7);
  const Arith x = party.input(numbers);
  const Bits b = party.input_bits(numbers, numbers.size(), 64);
  Protocol& mpc = party.mpc();
  const Arith product = mpc.mul(x, x);
  const auto moved = mpc.shuffle(numbers.size())->apply({product, b});
  mpc.less_than(std::get<Bits>(moved[1]), mpc.to_bits(product));
  mpc.open(product, all_nodes);
}

TEST(Replay, SendsWhatTheNodeSentAmongTheThree) {
  const auto recorded = testing::record(5, Recording::Keep::bytes, some_work);
  for (int role = 0; role < 3; ++role) {
    const Recording& among = recorded[static_cast<std::size_t>(role)];
    Recording alone(Recording::Keep::bytes);
    testing::replay(5, role, among.bytes(Recording::Direction::received), some_work, {}, &alone);
    EXPECT_EQ(alone, among);
    EXPECT_EQ(alone.hash(Recording::Direction::sent), among.hash(Recording::Direction::sent));
    EXPECT_GT(among.bytes(Recording::Direction::sent).size(), 300u * 8);
  }
}

}  // namespace
}  // namespace polder
