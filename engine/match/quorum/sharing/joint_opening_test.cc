// What is opened to the requester, against the numbers that all banks' additive shares make.
#include "match/quorum/sharing/joint_opening.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "match/testing/every_bit.h"
#include "net/testing/memory_parties.h"

namespace polder::quorum {
namespace {

constexpr int parties = 4;

/// Of each bin, how many other banks hold it and how many flag it: every pair of numbers, again and
/// again.
std::uint64_t held(std::size_t bin) { return bin % parties; }
std::uint64_t flagged(std::size_t bin) { return bin / parties % parties; }

/// To the requester, when the first bank's additive shares are all there is.
std::vector<Elements> opened(const Parameters& parameters) {
  std::vector<Elements> at_requester;
  MemoryParties scenario(parties);
  run_parties(scenario, [&](Parties& at) {
    JointOpening together(at, parameters);
    together.sharing().receive_keys_and_deal();
    together.sharing().receive_deals();
    Counts own{Elements(parameters.bins, Element{0}),
               Elements(parameters.flags ? parameters.bins : 0, Element{0})};
    for (std::size_t bin = 0; bin < parameters.bins && at.self() == 0; ++bin) {
      own.held[bin] = Element::of(held(bin));
      if (parameters.flags) own.flagged[bin] = Element::of(flagged(bin));
    }
    const std::vector<Elements> opening = together.open(own);
    if (at.self() == parameters.requester) at_requester = opening;
  });
  return at_requester;
}

void expect_zero_or_random(std::uint64_t threshold, bool flags) {
  const PeerMatch match{
      .requester = 1, .threshold = threshold, .flags = flags, .bounds = {1000, 1000, 1000, 1000}};
  const Parameters parameters(parties, match, {.bins_for_one_opening = 1});
  const std::vector<Elements> both = opened(parameters);
  ASSERT_EQ(both.size(), 2U);
  // Of each pair of numbers by itself, and from one opening to the next.
  std::vector<std::vector<std::uint64_t>> seen(parties * parties), between(seen.size());
  for (std::size_t bin = 0; bin < parameters.bins; ++bin) {
    const bool enough = held(bin) + 1 >= threshold && (!flags || flagged(bin) > 0);
    const bool zero = enough == (parameters.roots.enough == Enough::zero);
    for (const Elements& one : both) ASSERT_EQ(one[bin] == Element{0}, zero) << bin;
    if (zero) continue;
    seen[bin % seen.size()].push_back(both[0][bin].value);
    between[bin % seen.size()].push_back((both[0][bin] - both[1][bin]).value);
  }
  for (const auto& numbers : {seen, between}) {
    for (const std::vector<std::uint64_t>& alike : numbers) {
      if (!alike.empty()) testing::expect_every_bit_drawn(alike, Element::bits);
    }
  }
}

TEST(JointOpening, OpensZeroOrANumberThatSaysNothing) {
  expect_zero_or_random(2, true);
  expect_zero_or_random(4, true);
  expect_zero_or_random(3, false);
  expect_zero_or_random(4, false);
}

/// A line whose sender adds 1 to every number of one frame, the one numbered `at` of those sent
/// since `start`.
class Shifting final : public Channel {
 public:
  Shifting(Channel& inner, std::size_t at) : inner_(inner), at_(at) {}
  void send(std::span<const std::uint8_t> payload) override {
    if (!started_ || frames_++ != at_) return inner_.send(payload);
    Elements numbers(payload.size() / sizeof(Element));
    std::memcpy(numbers.data(), payload.data(), payload.size());
    for (Element& number : numbers) number = number + Element{1};
    inner_.send(bytes_of(numbers));
  }
  void start() { started_ = true; }
  std::size_t frames() const { return frames_; }

  void receive(std::span<std::uint8_t> payload) override { inner_.receive(payload); }
  void flush() override { inner_.flush(); }
  void abort(Code code, std::string_view why) noexcept override { inner_.abort(code, why); }
  Traffic traffic() const override { return inner_.traffic(); }

 private:
  Channel& inner_;
  const std::size_t at_;
  bool started_ = false;
  std::size_t frames_ = 0;
};

/// What a requester reads who adds 1 to all numbers of its frame `at` on each line; no row is
/// flagged. Nothing if it sends no such frame.
std::vector<Elements> opened_to_a_deviating_requester(const Parameters& parameters,
                                                      std::size_t at) {
  std::vector<Elements> at_requester;
  std::size_t sent = 0;
  MemoryParties scenario(parameters.parties);
  run_parties(scenario, [&](Parties& honest) {
    const bool asks = honest.self() == parameters.requester;
    std::vector<std::unique_ptr<Shifting>> shifting;
    std::vector<Channel*> lines;
    for (int peer = 0; peer < honest.count(); ++peer) {
      lines.push_back(peer == honest.self() ? nullptr : &honest.to(peer));
      if (!asks || peer == honest.self()) continue;
      lines.back() = shifting.emplace_back(std::make_unique<Shifting>(honest.to(peer), at)).get();
    }
    Parties deviating(honest.self(), lines);
    JointOpening together(deviating, parameters);
    together.sharing().receive_keys_and_deal();
    together.sharing().receive_deals();
    for (const auto& line : shifting) line->start();
    Counts own{Elements(parameters.bins, Element{0}), Elements(parameters.bins, Element{0})};
    for (std::size_t bin = 0; bin < parameters.bins && honest.self() == 0; ++bin) {
      own.held[bin] = Element::of(bin % static_cast<std::size_t>(parameters.parties));
    }
    const std::vector<Elements> opening = together.open(own);
    if (!asks) return;
    at_requester = opening;
    for (const auto& line : shifting) sent = std::max(sent, line->frames());
  });
  return at < sent ? at_requester : std::vector<Elements>{};
}

/// Whatever step of the sum, the products and the opening a requester changes alone, it reads zero
/// or a number that says nothing, never the value of a polynomial at the count: the unknown factor
/// is in no product that it could take it off from.  (The bit itself may be that of another
/// condition: docs/protocols/quorum.md.)
TEST(JointOpening, ADeviatingRequesterReadsNoCount) {
  const int t = 7, requester = 2;
  const PeerMatch match{.requester = requester,
                        .threshold = 5,
                        .flags = true,
                        .bounds = std::vector<std::uint64_t>(t, 300)};
  const Parameters parameters(t, match);
  std::size_t tried = 0;
  for (std::size_t at = 0;; ++at) {
    const std::vector<Elements> opened = opened_to_a_deviating_requester(parameters, at);
    if (opened.empty()) break;
    ++tried;
    std::vector<std::vector<std::uint64_t>> by_count(t);
    for (std::size_t bin = 0; bin < parameters.bins; ++bin) {
      by_count[bin % t].push_back(opened[0][bin].value);
    }
    for (const std::vector<std::uint64_t>& alike : by_count) {
      if (std::ranges::all_of(alike, [](std::uint64_t number) { return number == 0; })) continue;
      testing::expect_every_bit_drawn(alike, Element::bits);
    }
  }
  EXPECT_GT(tried, 3U);
}

}  // namespace
}  // namespace polder::quorum
