// Oracle: who holds which key, and which of six drawn parts it depends on.
#include "protocol/rep3/keys.h"

#include <gtest/gtest.h>

#include <thread>

#include "net/testing/memory_channel.h"

namespace polder {
namespace {

using Drawn = std::array<std::array<std::uint8_t, 2>, 3>;  // node -> own part, next part
using Held = std::array<std::array<Key::Raw, 2>, 3>;       // node -> own key, next key

Held keys_of(const Drawn& drawn) {
  MemoryRing ring;
  Held held;
  {
    std::vector<std::jthread> nodes;
    for (std::size_t role = 0; role < 3; ++role) {
      nodes.emplace_back([&, role] {
        const auto part = [&](std::size_t which) { return Secret<16>({drawn[role][which]}); };
        const auto keys = rep3::agree_on_keys(ring.mesh(static_cast<int>(role)),
                                              {.own = part(0), .next = part(1)});
        held[role] = {keys.own.raw(), keys.next.raw()};
      });
    }
  }
  return held;
}

constexpr Drawn drawn{{{1, 2}, {3, 4}, {5, 6}}};

TEST(SessionKeys, AreHeldByTwoNodesEach) {
  const Held held = keys_of(drawn);
  for (std::size_t role = 0; role < 3; ++role) {
    EXPECT_EQ(held[role][1], held[(role + 1) % 3][0]);
    EXPECT_NE(held[role][0], held[role][1]);
  }
}

TEST(SessionKeys, DependOnBothHoldersAndNotOnTheThird) {
  const Held before = keys_of(drawn);
  for (std::size_t role = 0; role < 3; ++role) {
    for (std::size_t which : {0, 1}) {
      Drawn changed = drawn;
      changed[role][which] = 99;
      const Held after = keys_of(changed);
      const std::size_t touched = (role + which) % 3;  // the component whose key has this part
      for (std::size_t component = 0; component < 3; ++component) {
        EXPECT_EQ(after[component][0] != before[component][0], component == touched)
            << "part " << which << " of node " << role << ", component " << component;
      }
    }
  }
}

}  // namespace
}  // namespace polder
