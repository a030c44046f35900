#include "net/testing/memory_parties.h"

#include <gtest/gtest.h>

#include "net/frame.h"

namespace polder {
namespace {

TEST(MemoryParties, ExchangeWithEveryOther) {
  for (const int count : {1, 2, 3, 7, 64}) {
    MemoryParties scenario(count);
    run_parties(scenario, [&](Parties& parties) {
      for (int peer = 0; peer < count; ++peer) {
        if (peer == parties.self()) continue;
        const std::uint64_t word = static_cast<std::uint64_t>(100 * parties.self() + peer);
        parties.to(peer).send_words({&word, 1});
      }
      for (int peer = 0; peer < count; ++peer) {
        if (peer == parties.self()) continue;
        std::uint64_t word = 0;
        parties.to(peer).receive_words({&word, 1});
        EXPECT_EQ(word, static_cast<std::uint64_t>(100 * peer + parties.self()));
      }
      EXPECT_EQ(parties.traffic().frames_sent, static_cast<std::uint64_t>(count - 1));
    });
  }
}

TEST(MemoryParties, TellWhyTheyStopAndTheFirstCauseIsThrown) {
  MemoryParties scenario(4);
  try {
    run_parties(scenario, [](Parties& parties) {
      if (parties.self() == 2) fail(Code::bad_input, "bank 2 has no clients file");
      std::uint64_t word = 0;
      parties.to(2).receive_words({&word, 1});
    });
    FAIL() << "nobody stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_input) << error.what();
  }
}

TEST(MemoryParties, BehindSlowConnectionsWaitForEachMessageAndSendTheSameBytes) {
  using namespace std::chrono_literals;
  const auto there_and_back = [](Parties& parties) {
    std::uint64_t word = 7;
    if (parties.self() == 0) parties.to(2).send_words({&word, 1});
    if (parties.self() != 1) parties.to(2 - parties.self()).receive_words({&word, 1});
    if (parties.self() == 2) parties.to(0).send_words({&word, 1});
    EXPECT_EQ(word, 7u);
    EXPECT_EQ(parties.traffic().bytes_sent, parties.self() == 1 ? 0 : header_bytes + 8);
  };
  MemoryParties lan(3), wan(3, {.silence = 120s}, Uplink::Options{40ms, 1e9});
  run_parties(lan, there_and_back);
  const auto start = Clock::now();
  run_parties(wan, there_and_back);
  EXPECT_GE(Clock::now() - start, 40ms);
}

TEST(MemoryParties, HaveNoConnectionToThemselves) {
  MemoryParties scenario(2);
  EXPECT_THROW(scenario.at(0).to(0), Error);
}

}  // namespace
}  // namespace polder
