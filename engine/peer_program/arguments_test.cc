#include "peer_program/arguments.h"

#include <gtest/gtest.h>

#include "net/testing/test_support.h"

namespace polder {
namespace {

using testing::expect_error;
using testing::thrown_by;

PeerArguments parsed(std::vector<std::string> options) {
  options.insert(options.begin(), {"--dir", "bank", "--network", "n.toml", "--file", "a.csv"});
  std::vector<char*> values;
  for (std::string& option : options) values.push_back(option.data());
  return parse_arguments(values);
}

/// What an operator gets who says nothing: one session at once, an hour, as many rows as a bank of
/// about this one's size has.
TEST(PeerArguments, AreCarefulUnlessToldOtherwise) {
  const PeerArguments arguments = parsed({});
  EXPECT_EQ(arguments.rules.sessions_per_bank, 1);
  EXPECT_EQ(arguments.rules.deadline, std::chrono::hours(1));
  EXPECT_EQ(arguments.rules.min_threshold, 2U);
  EXPECT_EQ(arguments.look_ups, 100U);
  EXPECT_EQ(max_rows_for(bound_for(50'000, arguments.rules.bound), 0), 2U * 53'248);
  EXPECT_EQ(row_limits(arguments, 50'000).rows, 100 + 8U * 53'248);
  EXPECT_EQ(row_limits(arguments, 10).rows, 100 + 4U * 1024);
  EXPECT_EQ(row_limits(arguments, std::nullopt).rows, 100U);
}

TEST(PeerArguments, RulesAreTaken) {
  const PeerArguments arguments = parsed({"--protocol",
                                          "quorum",
                                          "--protocol",
                                          "paillier",
                                          "--flags-only",
                                          "--max-rows",
                                          "600",
                                          "--rows-per-day",
                                          "700",
                                          "--limit",
                                          "5",
                                          "--sessions-per-bank",
                                          "2",
                                          "--max-minutes",
                                          "10",
                                          "--min-threshold",
                                          "3",
                                          "--allow",
                                          "eem",
                                          "--bound",
                                          "64"});
  const AnswerRules& rules = arguments.rules;
  EXPECT_EQ(rules.protocols, (std::vector<std::string>{"quorum", "paillier"}));
  EXPECT_TRUE(rules.flags_only);
  EXPECT_EQ(rules.max_rows, 600U);
  EXPECT_EQ(rules.sessions_per_bank, 2);
  EXPECT_EQ(rules.deadline, std::chrono::minutes(10));
  EXPECT_EQ(row_limits(arguments, 50'000).rows, 700U);
  EXPECT_EQ(row_limits(arguments, 50'000).look_ups, 5U);
}

TEST(PeerArguments, WrongOnesAreNamed) {
  const auto wrong = [](std::vector<std::string> options) {
    return thrown_by([&] { parsed(std::move(options)); });
  };
  expect_error(wrong({"--max-rows", "many"}), Code::bad_input,
               "--max-rows: 'many' is not a whole number");
  expect_error(wrong({"--sessions-per-bank", "5"}), Code::bad_input,
               "--sessions-per-bank: 5 is not from 1 to 4");
  expect_error(wrong({"--max-minutes", "0"}), Code::bad_input, "--max-minutes: 0 is not from 1");
  expect_error(wrong({"--rows-per-day"}), Code::bad_input, "--rows-per-day needs a value");
  expect_error(wrong({"--odd", "1"}), Code::bad_input, "there is no option --odd");
}

}  // namespace
}  // namespace polder
