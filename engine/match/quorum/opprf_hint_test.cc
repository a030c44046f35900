// What the requester reads in a bank's hint, against who holds and flags what.
#include "match/quorum/opprf_hint.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/ot/test_base_ot.h"
#include "crypto/random.h"
#include "match/testing/every_bit.h"

namespace polder::quorum {
namespace {

constexpr std::size_t rows = 60, common = 25;
constexpr Salt salt{3};

/// The requester's first rows are the bank's last; the bank flagged every other one of its own.
void expect_opprf_hint(int target_bits, bool flags) {
  Parameters parameters(2, {0, 2, flags, {rows, rows}});
  parameters.target_bits = target_bits;
  const Blocks requester = random_blocks(rows);
  Blocks bank = random_blocks(rows - common);
  bank.insert(bank.end(), requester.begin(), requester.begin() + common);
  std::vector<bool> flagged;
  for (std::size_t i = 0; i < rows; ++i) flagged.push_back(i % 2 == 0);

  const testing::BaseOts e = testing::base_ots(oprf_columns);
  const Bins bins = bins_of(requester, parameters.bins, salt);
  const OprfValues own = oprf_at(e.pairs, OprfCode(salt_for(salt, "code")), bins.identifiers);
  const BinValues targets = random_targets(parameters);
  const Words opprf_hint =
      make_opprf_hint(parameters, 1, salt, Oprf(e.chosen, own.message), bank, flagged, targets);
  ASSERT_EQ(opprf_hint.size(), opprf_hint_words(parameters, 1));
  const BinValues read = read_opprf_hint(parameters, 1, salt, bins, opprf_hint, own.values);

  const std::size_t words = parameters.target_words();
  ASSERT_EQ(read.targets.size(), parameters.bins * words);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(bins.of_row[i] * words);
    const auto end = at + static_cast<std::ptrdiff_t>(words);
    const bool same = std::equal(targets.targets.begin() + at, targets.targets.begin() + end,
                                 read.targets.begin() + at);
    EXPECT_EQ(same, i < common) << target_bits << " " << i;
    if (!flags || i >= common) continue;
    const std::uint64_t flag = read.flags[bins.of_row[i]] ^ targets.flags[bins.of_row[i]];
    EXPECT_EQ(flag, flagged[rows - common + i] ? 1u : 0u) << target_bits << " " << i;
  }
}

TEST(OpprfHint, GivesTargetAndFlagOfWhatTheBankHolds) {
  for (const int target_bits : {50, 62, 63, 64, 65, 68, 79}) {
    expect_opprf_hint(target_bits, true);
    expect_opprf_hint(target_bits, false);
  }
}

/// Targets and what is read have no bit beyond those that are compared.
TEST(OpprfHint, TargetsHaveTheirBitsAndNoMore) {
  for (const int target_bits : {50, 63, 64, 65, 79}) {
    Parameters parameters(2, {0, 2, true, {rows, rows}});
    parameters.target_bits = target_bits;
    const BinValues targets = random_targets(parameters);
    std::uint64_t top = 0;
    for (std::size_t i = 0; i < targets.targets.size(); ++i) {
      if (i % parameters.target_words() == parameters.target_words() - 1) top |= targets.targets[i];
    }
    EXPECT_EQ(top, low_bits(static_cast<std::size_t>(target_bits - 1) % 64 + 1)) << target_bits;
  }
}

/// Or the requester would read who flags what.
TEST(OpprfHint, EveryBinHasAMaskOfItsOwnForItsFlag) {
  const BinValues targets = random_targets(Parameters(2, {0, 2, true, {rows, rows}}));
  testing::expect_every_bit_drawn(targets.flags, 1);
}

/// Or the banks' functions would show, by what the requester asks of them, how few rows it has.
TEST(OpprfHint, AnEmptyBinAsksForWhatNobodyKnows) {
  const Bins bins = bins_of({}, 100, salt);
  for (const Blocks& blocks : {bins.identifiers, bins.keys}) {
    Words low, high;
    for (const Block& block : blocks) low.push_back(block.low), high.push_back(block.high);
    testing::expect_every_bit_drawn(low, 64);
    testing::expect_every_bit_drawn(high, 64);
  }
}

}  // namespace
}  // namespace polder::quorum
