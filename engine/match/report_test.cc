#include "match/report.h"

#include <gtest/gtest.h>

namespace polder {
namespace {

TEST(Report, IsPaddedToAStepOfTheLongest) {
  EXPECT_EQ(padded_report_bytes({}), 32u);
  EXPECT_EQ(padded_report_bytes({""}), 32u);
  for (std::size_t length = 1; length <= max_report_bytes; ++length) {
    const std::size_t bytes = padded_report_bytes({"x", std::string(length, 'y'), ""});
    EXPECT_EQ(bytes % report_step_bytes, 0u);
    EXPECT_GE(bytes, length);
    EXPECT_LT(bytes, length + report_step_bytes);
  }
}

}  // namespace
}  // namespace polder
