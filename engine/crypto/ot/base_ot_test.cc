#include "crypto/ot/base_ot.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/error.h"
#include "crypto/hex.h"

namespace polder {
namespace {

void expect_chosen(const ChosenKeys& chosen, const KeyPairs& pairs) {
  ASSERT_EQ(chosen.keys.size(), pairs.zero.size());
  for (std::size_t i = 0; i < chosen.keys.size(); ++i) {
    const bool one = chosen.mask(i) != 0;
    EXPECT_EQ(chosen.keys[i], one ? pairs.one[i] : pairs.zero[i]);
    EXPECT_FALSE(chosen.keys[i] == (one ? pairs.zero[i] : pairs.one[i]));
  }
}

TEST(BaseOt, GivesTheChosenKeyAndNotTheOther) {
  for (const std::size_t n : {0, 1, 2, 65}) {
    const BaseOtReceiver receiver(n);
    const BaseOtAnswer sender = answer_base_ot(receiver.request());
    expect_chosen(receiver.keys(sender.answer), sender.keys);
  }
}

TEST(BaseOt, OneRequestServesSeveralSendersWithKeysOfTheirOwn) {
  const BaseOtReceiver receiver(8);
  const BaseOtAnswer one = answer_base_ot(receiver.request());
  const BaseOtAnswer two = answer_base_ot(receiver.request());
  expect_chosen(receiver.keys(one.answer), one.keys);
  expect_chosen(receiver.keys(two.answer), two.keys);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_FALSE(one.keys.zero[i] == two.keys.zero[i]);
}

TEST(BaseOt, ChoicesAreBalancedAndFresh) {
  std::size_t ones = 0;
  for (int run = 0; run < 4; ++run) {
    const BaseOtReceiver receiver(256);
    const ChosenKeys keys = receiver.keys(answer_base_ot(receiver.request()).answer);
    for (std::size_t i = 0; i < 256; ++i) ones += keys.mask(i) & 1;
  }
  EXPECT_GT(ones, 412u);  // 1024 fair bits: 6 deviations are 96
  EXPECT_LT(ones, 612u);
}

/// The request's points lie in the group, and both of an OT (P and C - P) look alike: each is
/// a valid encoding, and none comes twice.
TEST(BaseOt, RequestIsPointsOfTheGroup) {
  const BaseOtReceiver receiver(16);
  std::set<std::string> points;
  for (std::size_t i = 0; i < 16; ++i) {
    const auto part = receiver.request().subspan(i * point_bytes, point_bytes);
    EXPECT_EQ(crypto_core_ristretto255_is_valid_point(part.data()), 1);
    points.insert(to_hex(part));
  }
  EXPECT_EQ(points.size(), 16u);
}

// The sender's keys for a request xG are hashes of xY and of yC - xY = y(C - xG); of the second
// nothing but its being another is seen. The oracle hashes by itself.
TEST(BaseOt, TheSendersKeyIsTheHashOfTheSharedPoint) {
  const std::array<std::uint8_t, 32> x{7};
  const Point requested = base_times(Scalar(x));
  const BaseOtAnswer sender = answer_base_ot(requested);
  std::array<std::uint8_t, 14 + 8 + 3 * 32> hashed{};
  const std::string_view label = "polder base ot";
  std::ranges::copy(label, hashed.begin());
  std::ranges::copy(sender.answer, hashed.begin() + 14 + 8);
  std::ranges::copy(requested, hashed.begin() + 14 + 8 + 32);
  ASSERT_EQ(
      crypto_scalarmult_ristretto255(hashed.data() + 14 + 8 + 64, x.data(), sender.answer.data()),
      0);
  Block key;
  crypto_generichash_blake2b(reinterpret_cast<std::uint8_t*>(&key), 16, hashed.data(),
                             hashed.size(), nullptr, 0);
  EXPECT_EQ(sender.keys.zero[0], key);
  EXPECT_FALSE(sender.keys.one[0] == key);
}

template <typename Call>
void expect_no_point(Call call) {
  try {
    call();
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::cheating) << error.what();
  }
}

TEST(BaseOt, RefusesWhatIsNoPoint) {
  const BaseOtReceiver receiver(2);
  Point identity{}, high, odd{1};
  high.fill(0xff);
  for (const Point& wrong : {identity, high, odd}) {
    expect_no_point([&] { receiver.keys(wrong); });
    Bytes request(receiver.request().begin(), receiver.request().end());
    std::ranges::copy(wrong, request.begin() + point_bytes);
    expect_no_point([&] { answer_base_ot(request); });
  }
}

}  // namespace
}  // namespace polder
