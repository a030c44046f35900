// Oracle: the test vectors of RFC 9496, appendix A, and the laws of a group and of numbers modulo
// its order.
#include "crypto/ristretto.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>

#include "base/error.h"
#include "base/memory.h"
#include "crypto/hex.h"

namespace polder {
namespace {

Point point(std::string_view hex) { return from_hex<point_bytes>(hex); }

Scalar small(std::uint8_t value) { return Scalar(Scalar::Raw{value}); }

template <typename Action>
void expect_cheating(Action action) {
  try {
    action();
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::cheating) << error.what();
  }
}

TEST(Ristretto, IsTheGroupOfRfc9496) {
  EXPECT_EQ(base_times(small(1)),
            point("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"));
  EXPECT_EQ(base_times(small(2)),
            point("6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919"));
  const std::string_view text = "Ristretto is traditionally a short shot of espresso coffee";
  std::array<std::uint8_t, crypto_hash_sha512_BYTES> wide;
  crypto_hash_sha512(wide.data(), bytes_of(text).data(), text.size());
  EXPECT_EQ(point_from_hash(wide),
            point("3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46"));
}

TEST(Ristretto, KeepsTheLaws) {
  for (int turn = 0; turn < 4; ++turn) {
    const Scalar a = random_scalar(), b = random_scalar();
    const Point at_a = base_times(a), at_b = base_times(b);
    EXPECT_EQ(times(a, at_b), times(b, at_a));
    EXPECT_EQ(times(a, at_b), base_times(times(a, b)));
    EXPECT_EQ(minus(plus(at_a, at_b), at_b), at_a);
    EXPECT_EQ(plus(at_a, at_a), times(small(2), at_a));
    EXPECT_EQ(base_times(minus(a, b)), minus(at_a, at_b));
    EXPECT_EQ(times(inverse(a), at_a), base_times(small(1)));
    EXPECT_EQ(times(inverse(a), a).raw(), small(1).raw());
  }
}

// RFC 9496, A.2: encodings that are not canonical, negative, or of no square; and zero.
TEST(Ristretto, RefusesWhatIsNoPoint) {
  const Point good = base_times(small(9));
  for (const char* wrong : {"00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
                            "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
                            "0000000000000000000000000000000000000000000000000000000000000000"}) {
    expect_cheating([&] { times(small(3), point(wrong)); });
    if (point(wrong) == Point{}) continue;  // zero may be added
    expect_cheating([&] { plus(good, point(wrong)); });
    expect_cheating([&] { minus(point(wrong), good); });
  }
}

TEST(Ristretto, NumbersAreBelowTheOrder) {
  const auto order =
      from_hex<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  auto below = order, above = order;
  below[0] -= 1;
  above[31] = 0xff;
  EXPECT_NO_THROW(check_scalar(below));
  EXPECT_NO_THROW(check_scalar(Scalar::Raw{}));
  expect_cheating([&] { check_scalar(order); });
  expect_cheating([&] { check_scalar(above); });

  std::array<std::uint8_t, 64> wide{};
  std::ranges::copy(order, wide.begin());
  wide[0] += 5;
  EXPECT_EQ(reduced_scalar(wide).raw(), small(5).raw());
}

TEST(Ristretto, RandomNumbersAreFreshAndBelowTheOrder) {
  const Scalar one = random_scalar(), other = random_scalar();
  EXPECT_NE(one.raw(), other.raw());
  EXPECT_NO_THROW(check_scalar(one.raw()));
}

}  // namespace
}  // namespace polder
