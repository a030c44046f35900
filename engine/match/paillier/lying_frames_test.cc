// Banks whose frames are not what the protocol sends, and banks that die.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "match/paillier/joint_modulus.h"
#include "match/paillier/paillier_match.h"
#include "match/paillier/trial_modulus.h"
#include "match/testing/peer_cases.h"
#include "net/testing/faulty_channel.h"
#include "net/testing/memory_parties.h"

namespace polder {
namespace {

// Fills one of the frames that it sends with one byte.
class FillingChannel final : public Channel {
 public:
  FillingChannel(Channel& inner, std::uint64_t at_frame, std::uint8_t byte)
      : inner_(inner), at_frame_(at_frame), byte_(byte) {}
  void send(std::span<const std::uint8_t> payload) override {
    Bytes sent(payload.begin(), payload.end());
    if (frames_++ == at_frame_) std::ranges::fill(sent, byte_);
    inner_.send(sent);
  }
  void receive(std::span<std::uint8_t> payload) override { inner_.receive(payload); }
  void flush() override { inner_.flush(); }
  void abort(Code code, std::string_view why) noexcept override { inner_.abort(code, why); }
  Traffic traffic() const override { return inner_.traffic(); }

 private:
  Channel& inner_;
  std::uint64_t at_frame_, frames_ = 0;
  std::uint8_t byte_;
};

constexpr int banks = 3, requester = 0, holder = 1;  // the holder is asked, too

struct Way {
  int liar = holder, victim = requester;
};

// A run in which the liar's connection to the victim is `wrap`ped; the frames it sent there.
template <typename Wrap>
std::uint64_t run_with(Wrap wrap, const Way& way = {}) {
  std::uint64_t frames = 0;
  const testing::PeerCase one = testing::every_threshold(banks, true, 4)[1];
  PeerMatch match = one.match;
  match.requester = requester;
  MemoryParties scenario(banks, {.silence = std::chrono::seconds(240)});
  run_parties(scenario, [&](Parties& parties) {
    std::vector<Channel*> connections;
    for (int peer = 0; peer < banks; ++peer) {
      connections.push_back(peer == parties.self() ? nullptr : &parties.to(peer));
    }
    const auto wrapped = parties.self() == way.liar ? wrap(parties.to(way.victim)) : nullptr;
    if (wrapped) connections[static_cast<std::size_t>(way.victim)] = wrapped.get();
    Parties lying(parties.self(), connections);
    const auto table =
        testing::peer_table(one.banks[static_cast<std::size_t>(parties.self())], true);
    paillier_match_trial({.modulus = trial_modulus(512)}, lying, match, table,
                         [](double, std::string_view) {});
    if (parties.self() == way.liar) frames = parties.to(way.victim).traffic().frames_sent;
  });
  return frames;
}

// A key is made among `count` banks that bank 0 leads, and the connection from `from` to `to` is
// `wrap`ped.
template <typename Wrap>
void make_key_with(int count, int from, int to, Wrap wrap) {
  MemoryParties scenario(count, {.silence = std::chrono::seconds(240)});
  run_parties(scenario, [&](Parties& parties) {
    std::vector<Channel*> connections;
    for (int peer = 0; peer < count; ++peer) {
      connections.push_back(peer == parties.self() ? nullptr : &parties.to(peer));
    }
    const auto wrapped = parties.self() == from ? wrap(parties.to(to)) : nullptr;
    if (wrapped) connections[static_cast<std::size_t>(to)] = wrapped.get();
    Parties lying(parties.self(), connections);
    joint_modulus(lying, JointRoles::among(0, 2, count), 512, [](double, std::string_view) {});
  });
}

std::uint64_t frames_sent(const Way& way = {}) {
  return run_with([](Channel&) { return std::unique_ptr<Channel>(); }, way);
}

void expect_error(Code code, const std::string& named, const std::function<void()>& part,
                  const std::string& what) {
  try {
    part();
    FAIL() << what << ": accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << what << ": " << error.what();
    EXPECT_NE(std::string(error.what()).find(named), std::string::npos) << error.what();
  }
}

TEST(PaillierFrames, NumbersOutOfRangeAreNamedCheating) {
  const std::uint64_t frames = frames_sent();
  ASSERT_GT(frames, 20U);
  for (const std::uint8_t byte : std::initializer_list<std::uint8_t>{0x00, 0xff}) {
    for (std::uint64_t at = 0; at < frames; ++at) {
      const auto lie = [&] {
        run_with([&](Channel& connection) {
          return std::make_unique<FillingChannel>(connection, at, byte);
        });
      };
      expect_error(Code::cheating, "bank 2 sent no", lie,
                   "frame " + std::to_string(at) + " filled with " + std::to_string(byte));
    }
  }
}

TEST(PaillierFrames, WrongLengthsAreNamedCheating) {
  for (const Fault fault : {Fault::shorten, Fault::lengthen}) {
    const std::uint64_t frames = frames_sent();
    for (std::uint64_t at = 0; at < frames; at += 3) {
      const auto lie = [&] {
        run_with([&](Channel& connection) {
          return std::make_unique<FaultyChannel>(
              connection, FaultyChannel::Options{.fault = fault, .at_frame = at});
        });
      };
      expect_error(Code::cheating, "length", lie, "frame " + std::to_string(at));
    }
  }
}

// A holder raises as many numbers as the agreed sizes need and not one more, in whichever step the
// requester sends more.
TEST(PaillierFrames, ARequesterThatWantsMoreDecryptedIsCheating) {
  const Way way{.liar = requester, .victim = holder};
  const std::uint64_t frames = frames_sent(way);
  ASSERT_GT(frames, 4U);
  for (std::uint64_t at = 0; at < frames; ++at) {
    const auto ask_more = [&] {
      run_with(
          [&](Channel& connection) {
            return std::make_unique<FaultyChannel>(
                connection, FaultyChannel::Options{.fault = Fault::lengthen, .at_frame = at});
          },
          way);
    };
    expect_error(Code::cheating, "length", ask_more, "frame " + std::to_string(at));
  }
}

TEST(PaillierFrames, ABankThatDiesEndsTheRunByName) {
  const std::uint64_t frames = frames_sent();
  for (std::uint64_t at = 0; at < frames; at += 4) {
    const auto die = [&] {
      run_with([&](Channel& connection) {
        return std::make_unique<FaultyChannel>(
            connection, FaultyChannel::Options{.fault = Fault::hang_up, .at_frame = at});
      });
    };
    expect_error(Code::peer_lost, "", die, "frame " + std::to_string(at));
  }
}

// Its shares of its additive shares, its shares of their products: what comes out has too many
// bits.
TEST(PaillierFrames, WrongSharesOfCandidatesAreCheating) {
  for (const std::uint64_t frame : {0, 1}) {
    for (const std::uint8_t byte : std::initializer_list<std::uint8_t>{0x00, 0xff}) {
      const auto lie = [&] {
        make_key_with(3, 1, 0, [&](Channel& connection) {
          return std::make_unique<FillingChannel>(connection, frame, byte);
        });
      };
      expect_error(Code::cheating, "a bank sent a wrong share of a candidate", lie,
                   "frame " + std::to_string(frame) + " filled with " + std::to_string(byte));
    }
  }
}

// Of two banks the leader sends a seed, a modulus and its part of a key.
TEST(PaillierFrames, AKeyOfTwoIsMadeOfRightNumbersOnly) {
  for (const auto& [frame, byte] : {std::pair<std::uint64_t, std::uint8_t>{1, 0x00}, {2, 0xff}}) {
    const auto lie = [&, frame = frame, byte = byte] {
      make_key_with(2, 0, 1, [&](Channel& connection) {
        return std::make_unique<FillingChannel>(connection, frame, byte);
      });
    };
    expect_error(Code::cheating, "the other bank", lie, "frame " + std::to_string(frame));
  }
}

}  // namespace
}  // namespace polder
