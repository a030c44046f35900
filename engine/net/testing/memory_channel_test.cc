#include "net/testing/memory_channel.h"

#include <gtest/gtest.h>

#include <numeric>

namespace polder {
namespace {

TEST(MemoryRing, PassesWordsRoundTheRing) {
  run_parties([](Mesh& mesh) {
    const Words mine(1000, static_cast<std::uint64_t>(mesh.role()));
    Words theirs(1000);
    exchange(mesh.prev(), mine, mesh.next(), theirs);
    EXPECT_EQ(theirs, Words(1000, static_cast<std::uint64_t>(next_role(mesh.role()))));
  });
}

TEST(MemoryRing, NeedsNoReaderToSend) {
  run_parties([](Mesh& mesh) {
    Words words(1 << 20);
    std::iota(words.begin(), words.end(), 0);
    for (int i = 0; i < 5; ++i) mesh.next().send_words(words);
    mesh.prev().send_words(words);
    Words got(1 << 20);
    mesh.next().receive_words(got);
    EXPECT_EQ(got, words);
    for (int i = 0; i < 5; ++i) mesh.prev().receive_words(got);
    EXPECT_EQ(got, words);
  });
}

TEST(MemoryRing, ThrowsTheFirstErrorOfThree) {
  try {
    run_parties([](Mesh& mesh) {
      if (mesh.role() == 1) fail(Code::bad_schema, "widths differ");
      std::uint8_t byte;
      mesh.next().receive({&byte, 1});
    });
    FAIL() << "nothing thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_schema);
    EXPECT_STREQ(error.what(), "widths differ");
  }
}

TEST(MemoryRing, ALeavingPartyIsLostToItsPeers) {
  MemoryRing ring;
  ring.leave(1);
  std::uint8_t byte;
  try {
    ring.mesh(0).next().receive({&byte, 1});
    FAIL() << "nothing thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::peer_lost);
  }
}

}  // namespace
}  // namespace polder
