// Oracle: what the slots say, row by row.
#include "client/files/binned_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "match/index.h"

namespace polder {
namespace {

constexpr std::chrono::milliseconds wan(20);

MatchInput party(std::string name, std::size_t rows) {
  PartyFile file;
  file.has_flags = true;
  for (std::uint64_t i = 0; i < rows; ++i) {
    file.hashes.push_back(i * 0x9E37'79B9'7F4A'7C15);
    file.hashes.push_back(~i * 0xD6E8'FEB8'6659'FD93);
    file.flags.push_back(i % 3 == 0);
  }
  return {.name = std::move(name), .input = "", .file = std::move(file)};
}

TEST(BinnedFiles, AreForFilesAndOneWhoLearns) {
  std::vector<MatchInput> parties{party("a", 100), party("b", 0), party("c", 3)};
  MatchOptions options{.inputs = {}, .to = {"b"}};
  ASSERT_TRUE(bins_if_better(options, parties, wan));
  EXPECT_EQ(bins_if_better(options, parties, wan)->requester, 1u);
  EXPECT_FALSE(bins_if_better(options, parties, std::chrono::microseconds(1)));
  options.show = MatchPlan::Show::count;
  EXPECT_TRUE(bins_if_better(options, parties, wan));
  options.show = MatchPlan::Show::sum;
  EXPECT_FALSE(bins_if_better(options, parties, wan));
  options.show = MatchPlan::Show::rows, options.to = {"a", "b"};
  EXPECT_FALSE(bins_if_better(options, parties, wan));
  options.to = {"regulator"};
  EXPECT_FALSE(bins_if_better(options, parties, wan));
  options.to = {"b"}, options.threshold = 1;
  EXPECT_FALSE(bins_if_better(options, parties, wan));
  options.threshold = 2, parties[2].file.reset();  // uploaded before
  EXPECT_FALSE(bins_if_better(options, parties, wan));
  parties[2] = party("c", 300'000);
  EXPECT_TRUE(bins_if_better(options, parties, wan)) << "long, but for 64 bins only";
  options.to = {"c"}, parties[0] = party("a", 400'000);
  EXPECT_FALSE(bins_if_better(options, parties, wan)) << "too long an upload";
}

TEST(BinnedFiles, AreAMatterOfChoiceToo) {
  const std::vector<MatchInput> parties{party("a", 10), party("b", 10)};
  const std::chrono::microseconds lan(0);
  MatchOptions options{.inputs = {}, .to = {"a"}, .method = MatchMethod::bins};
  EXPECT_TRUE(bins_if_better(options, parties, lan));
  options.method = MatchMethod::sort;
  EXPECT_FALSE(bins_if_better(options, parties, wan));
  options.method = MatchMethod::bins, options.to = {"a", "b"};
  EXPECT_THROW(bins_if_better(options, parties, wan), Error);
}

TEST(BinnedFiles, HoldEveryRowWhereItsSlotSays) {
  const std::vector<MatchInput> parties{party("a", 50), party("b", 70)};
  const BinnedFiles files = *bins_if_better({.inputs = {}, .to = {"a"}}, parties, wan);
  for (std::size_t i = 0; i < 2; ++i) {
    const PartyFile& file = *parties[i].file;
    const PartyFile placed = in_slots(file, files.salt, files.slots[i]);
    const Words compared = hashed_for_bins(files.salt, BinHash::compared, file.hashes);
    ASSERT_EQ(placed.size(), files.slots[i].size());
    ASSERT_EQ(placed.flags.size(), placed.size());
    for (std::size_t slot = 0; slot < placed.size(); ++slot) {
      const std::uint32_t row = files.slots[i][slot];
      const bool filled = row == no_row;
      EXPECT_EQ(placed.flags[slot], filled ? 0 : file.flags[row]);
      const bool in_file = std::ranges::count(compared, placed.hashes[2 * slot]) > 0;
      EXPECT_EQ(in_file, !filled);
      if (!filled) {
        EXPECT_EQ(placed.hashes[2 * slot], compared[2 * row]);
        EXPECT_EQ(placed.hashes[2 * slot + 1], compared[2 * row + 1]);
      }
    }
  }
}

/// Of identifiers alike in the lowest `width` bits of what is compared, how many pairs there are,
/// and how many of these have a bin in common.
struct Meetings {
  std::size_t alike = 0, meet = 0;
};
Meetings meetings_of(const Words& binned, const Words& compared, int width, std::uint64_t bins,
                     int part_bits) {
  Meetings meetings;
  std::multimap<std::uint64_t, std::size_t> seen;
  const auto three = [&](std::size_t i) {
    return bins_of(binned[2 * i], binned[2 * i + 1], bins, part_bits);
  };
  for (std::size_t i = 0; i < compared.size() / 2; ++i) {
    const std::uint64_t key = compared[2 * i] % (std::uint64_t{1} << width);
    const auto [first, last] = seen.equal_range(key);
    for (auto other = first; other != last; ++other) {
      const auto own = three(i), others = three(other->second);
      ++meetings.alike;
      meetings.meet += std::ranges::any_of(
          own, [&](std::uint32_t bin) { return std::ranges::count(others, bin) > 0; });
    }
    seen.emplace(key, i);
  }
  return meetings;
}

// The scaled run: parts of 14 bits for 42, 20 bits compared for 62, so that the first part lies
// within what is compared. Bins made of the same hash are in common whenever two identifiers are
// alike; bins of the other hash as rarely as of any two, 9 in `bins`.
TEST(BinnedFiles, SaysNothingOfBinsByWhatIsCompared) {
  constexpr std::size_t rows = 200'000;
  constexpr std::uint64_t bins = 1000;
  const MatchInput input = party("a", rows);
  const Words& hashes = input.file->hashes;
  const BinSalt salt{7};
  const Words compared = hashed_for_bins(salt, BinHash::compared, hashes);
  const Words binned = hashed_for_bins(salt, BinHash::bins, hashes);
  const Meetings of_one = meetings_of(compared, compared, 20, bins, 14);
  EXPECT_GT(of_one.alike, 15'000u);
  EXPECT_EQ(of_one.meet, of_one.alike) << "why there are two";
  const Meetings of_two = meetings_of(binned, compared, 20, bins, 14);
  const double expected = 9.0 / static_cast<double>(bins) * static_cast<double>(of_two.alike);
  EXPECT_NEAR(static_cast<double>(of_two.meet), expected, 6 * std::sqrt(expected));
}

// Who chose identifiers that are alike, or crowd into few bins, did so under another salt.
TEST(BinnedFiles, HashAnewForEachRun) {
  const std::vector<MatchInput> parties{party("a", 50), party("b", 70)};
  const BinnedFiles first = *bins_if_better({.inputs = {}, .to = {"a"}}, parties, wan);
  const BinnedFiles second = *bins_if_better({.inputs = {}, .to = {"a"}}, parties, wan);
  EXPECT_NE(first.salt, second.salt);
  EXPECT_NE(first.slots, second.slots);
  const Words& hashes = parties[0].file->hashes;
  for (const BinHash which : {BinHash::bins, BinHash::compared})
    EXPECT_NE(hashed_for_bins(first.salt, which, hashes),
              hashed_for_bins(second.salt, which, hashes));
  EXPECT_NE(hashed_for_bins(first.salt, BinHash::bins, hashes),
            hashed_for_bins(first.salt, BinHash::compared, hashes));
}

TEST(BinnedFiles, BringAnAnswerBackToTheRows) {
  const std::vector<std::uint32_t> slots{no_row, 2, 0, no_row, 1};
  const Opened opened{{"rows", PlainBits::of_rows(Words{1, 1, 0, 0, 1}, 5, 1)}};
  EXPECT_EQ(opened_rows(by_row(opened, slots, 4), 4).rows(), (Words{0, 1, 1, 0}));
  EXPECT_THROW(by_row(opened, std::span(slots).first(4), 4), Error);
  EXPECT_THROW(by_row({}, slots, 4), Error);
}

}  // namespace
}  // namespace polder
