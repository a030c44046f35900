// Bad use of a match is refused before anything is read or sent.
#include "client/match.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace polder {
namespace {

Network no_network() {
  return {.id = std::string(32, '0'), .key_hash = "", .nodes = {}, .matching_key = Bytes(32, 1)};
}

std::string error_of(MatchOptions options) {
  try {
    Match(no_network(), std::move(options));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_input);
    return error.what();
  }
  return "no error";
}

const PartyFileOptions flagged{.flag = "flagged"};

TEST(Match, NumbersOutOfRangeNameTheRange) {
  const std::vector<std::string> three = {"a.csv", "b.csv", "c.csv"};
  EXPECT_EQ(error_of({.inputs = three, .columns = flagged, .threshold = 0}),
            "threshold 0 is out of range: with 3 parties it is 1 to 3");
  EXPECT_EQ(error_of({.inputs = three, .columns = flagged, .threshold = 4}),
            "threshold 4 is out of range: with 3 parties it is 1 to 3");
  EXPECT_EQ(error_of({.inputs = three, .columns = flagged, .min_flags = 4}),
            "min-flags 4 is out of range: with 3 parties it is 1 to 3, or no flags");
  EXPECT_EQ(error_of({.inputs = {"a.csv"}, .columns = flagged, .threshold = 1}),
            "a match needs two parties or more, 1 given");
  EXPECT_EQ(error_of({.inputs = three, .columns = flagged, .threshold = 3}), "no error");
}

TEST(Match, APartyTwiceIsRefused) {
  EXPECT_EQ(
      error_of({.inputs = {"x/a.csv", "y/a.csv"}, .columns = flagged}),
      "party 'a' is given twice, as x/a.csv and y/a.csv; a party is called like its file, give "
      "each its own name");
  EXPECT_EQ(error_of({.inputs = {"clients@A", "other@A"}, .columns = flagged}),
            "party 'A' is given twice, as clients@A and other@A; a party is called like its file, "
            "give each its own name");
}

TEST(Match, RecipientsOfRowsAreParties) {
  const std::vector<std::string> two = {"a.csv", "clients@B"};
  EXPECT_EQ(error_of({.inputs = two, .columns = flagged, .to = {"c"}}),
            "recipient 'c' is no party, so it has no rows; the parties are 'a', 'B'");
  EXPECT_EQ(error_of({.inputs = two, .columns = flagged, .to = {"a", "a"}}),
            "recipient 'a' is named twice; name it once");
  EXPECT_EQ(error_of({.inputs = two, .columns = flagged, .at_least = 5}),
            "at-least counts what others than the recipients hold, and here every party is a "
            "recipient; name recipients (--to), or leave at-least out");
  EXPECT_EQ(error_of({.inputs = two, .columns = flagged, .to = {"a"}, .at_least = 5}), "no error");
  EXPECT_EQ(
      error_of({.inputs = two, .columns = flagged, .to = {"c"}, .show = MatchPlan::Show::count}),
      "no error");
}

TEST(Match, WhatGoesTogetherIsAskedForTogether) {
  const std::vector<std::string> two = {"a.csv", "b.csv"};
  EXPECT_EQ(error_of({.inputs = two}),
            "min-flags 1 needs a flag column; name it or match without flags");
  EXPECT_EQ(error_of({.inputs = two, .min_flags = 0}), "no error");
  EXPECT_EQ(error_of({.inputs = two, .columns = flagged, .show = MatchPlan::Show::sum}),
            "show sum or mean and an attribute column go together; give both or neither");
}

}  // namespace
}  // namespace polder
