#include "ops/planes.h"

#include <bit>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Planes : public Operator {};

TEST_P(Planes, ArePickedPutAndFlipped) {
  for (const std::size_t n : edge_sizes) {
    const Values x = sample(n, 5, 1), y = sample(n, 2, 2);
    EXPECT_EQ(bits([&](Party& p) {
                return pick_bits(p.input_bits(x, 5), {4, 0, 0});
              }),
              each(x, [](auto a) { return (a >> 4) | (a & 1) * 6; }));
    EXPECT_EQ(bits([&](Party& p) {
                Bits put = p.input_bits(x, 5);
                put_bits(put, {3, 1}, p.input_bits(y, 2));
                return put;
              }),
              each(x, y, [](auto a, auto b) { return (a & 0x15) | (b & 1) << 3 | (b >> 1) << 1; }));
    EXPECT_EQ(bits([&](Party& p) {
                Bits flipped = p.input_bits(x, 5);
                flip_bits(flipped, {3, 1}, p.input_bits(y, 2));
                return flipped;
              }),
              each(x, y, [](auto a, auto b) { return a ^ (b & 1) << 3 ^ (b >> 1) << 1; }));
    EXPECT_EQ(bits([&](Party& p) {
                return parity(p.input_bits(x, 5), {0, 2, 4});
              }),
              each(x, [](auto a) { return std::popcount(a & 0x15) % 2; }));
  }
}

POLDER_EVERY_PROTOCOL(Planes);

TEST(Gathering, ReachesEverySlotFromZero) {
  for (int places = 1; places <= 70; ++places) {
    std::vector<int> reach(static_cast<std::size_t>(places), 1);  // places gathered, downwards
    for (int span = 1; span < places; span *= 2) {
      const Gathering level = gathering(places, span);
      const std::vector<int> before = reach;
      for (std::size_t i = 0; i < level.upper.size(); ++i) {
        const auto upper = static_cast<std::size_t>(level.upper[i]);
        EXPECT_EQ(level.upper[i] - before[upper], level.lower[i]) << "a gap or an overlap";
        reach[upper] += before[static_cast<std::size_t>(level.lower[i])];
      }
    }
    for (int i = 0; i < places; ++i) EXPECT_EQ(reach[static_cast<std::size_t>(i)], i + 1);
  }
}

}  // namespace
}  // namespace polder
