#include "match/peer_match.h"

#include <gtest/gtest.h>

namespace polder {
namespace {

IdentifierHash numbered(std::uint8_t number) { return {number}; }

PeerTable table_of(std::size_t rows, bool flags) {
  PeerTable table;
  for (std::size_t i = 0; i < rows; ++i) {
    table.identifiers.push_back(numbered(static_cast<std::uint8_t>(i)));
    if (flags) table.flagged.push_back(true);
  }
  return table;
}

// So that what is computed afterwards takes as long for 0 rows as for as many as the bound.
TEST(PeerMatch, ATableIsFilledUpToItsBoundWithWhatNobodyHas) {
  const PeerMatch match{.bounds = {40, 7}};
  for (const std::size_t rows : {0, 1, 39, 40}) {
    const PeerTable table = table_of(rows, true);
    const PeerTable one = filled_table(0, match, table), two = filled_table(0, match, table);
    ASSERT_EQ(one.identifiers.size(), 40u);
    ASSERT_EQ(one.flagged.size(), 40u);
    for (std::size_t i = 0; i < 40; ++i) {
      EXPECT_EQ(one.flagged[i], i < rows);
      EXPECT_EQ(one.identifiers[i] == two.identifiers[i], i < rows) << i;
      if (i < rows) {
        EXPECT_EQ(one.identifiers[i], table.identifiers[i]);
      }
    }
  }
}

TEST(PeerMatch, ARunWithoutFlagsHasNone) {
  EXPECT_TRUE(
      filled_table(1, {.flags = false, .bounds = {40, 7}}, table_of(3, false)).flagged.empty());
}

TEST(PeerMatch, ABoundOfNothingIsAnEmptyTable) {
  EXPECT_TRUE(filled_table(0, {.bounds = {0, 7}}, {}).identifiers.empty());
}

}  // namespace
}  // namespace polder
