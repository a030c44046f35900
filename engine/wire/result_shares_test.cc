// Oracle: what went in, and a format short enough to lie in by hand.
#include "wire/result_shares.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/error.h"

namespace polder {
namespace {

ResultShares some_result() {
  return {.session = {1, 2, 3},
          .role = 2,
          .run = R"({"plan":{}})",
          .columns = {{.label = "rows", .shares = Bits({70, 1}, {Words{1, 2}, Words{3, 4}})},
                      {.label = "sum", .shares = Arith({Words{5}, Words{6}})}}};
}

TEST(ResultShares, ReadBackWhatTheyWrite) {
  const ResultShares read = decode_result(encode(some_result()));
  EXPECT_EQ(read.session, some_result().session);
  EXPECT_EQ(read.role, 2);
  EXPECT_EQ(read.run, some_result().run);
  ASSERT_EQ(read.columns.size(), 2u);
  const Bits& rows = std::get<Bits>(read.columns[0].shares);
  EXPECT_EQ(rows.size(), 70u);
  EXPECT_EQ(rows.component(1)[1], 4u);
  EXPECT_EQ(std::get<Arith>(read.columns[1].shares).component(0)[0], 5u);
}

TEST(ResultShares, AreRefusedAtEveryOtherLength) {
  Bytes bytes = encode(some_result());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(decode_result(std::span(bytes).first(size)), Error) << size;
  }
  bytes.push_back(0);
  EXPECT_THROW(decode_result(bytes), Error);
}

TEST(ResultShares, TakeNoMemoryForLengthsThatLie) {
  const Bytes bytes = encode(some_result());
  for (std::size_t at = 8; at + 8 <= bytes.size(); at += 1) {
    for (const std::uint64_t lie :
         {std::uint64_t{0}, std::uint64_t{1} << 31, std::uint64_t{1} << 40, UINT64_MAX}) {
      Bytes bent = bytes;
      std::memcpy(bent.data() + at, &lie, sizeof lie);
      reset_pool_peak();
      try {
        decode_result(bent);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), Code::cheating);
      }
      EXPECT_LT(pool_use().peak_bytes, 16u << 20);
    }
  }
}

}  // namespace
}  // namespace polder
