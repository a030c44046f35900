// What a mean tells. Oracle: division, and the attack that takes it for a fraction.
#include <gtest/gtest.h>

#include <random>

#include "match/match.h"
#include "match/testing/scenarios.h"

namespace polder {
namespace {

using testing::Bank;

class MatchMean : public ::testing::TestWithParam<std::string> {
 protected:
  testing::Delivered answers(const std::vector<Bank>& banks, const MatchRequest& request) {
    return testing::run(GetParam(), [&](testing::Party& party) {
      match(party.mpc(), request, match_parties(party, banks, request.min_flags > 0),
            [](double, std::string_view) {});
    });
  }
  std::uint64_t opened(const std::vector<Bank>& banks, const MatchRequest& request,
                       const std::string& label) {
    return answers(banks, request).sums.at(label)[0];
  }
};

TEST_P(MatchMean, OpensTheMeanAlone) {
  constexpr double one = 1 << mean_format_bits;
  const auto low = [](std::int64_t number) { return static_cast<std::uint64_t>(number); };
  const std::vector<Bank> banks{{{1, 2, 3}, {}, {low(-10), low(-21), 500}}, {{1, 2, 4}}};
  MatchRequest request{
      .threshold = 2, .min_flags = 0, .show = Show::mean, .recipients = {"regulator"}};
  const auto mean = [&] {
    const double value =
        static_cast<double>(static_cast<std::int64_t>(opened(banks, request, "regulator/mean")));
    return std::pair(value / one, answers(banks, request).bits.at("regulator/defined").flag(0));
  };
  EXPECT_EQ(mean(), std::pair(-15.0, true)) << "-15.5, cut off";
  request.at_least = 2;
  EXPECT_EQ(mean(), std::pair(-15.5, true));
  request.threshold = 1;
  EXPECT_EQ(mean(), std::pair(156.0, true)) << "469 / 3, cut off after one bit";
  request.min_flags = 1;
  EXPECT_EQ(mean(), std::pair(0.0, false)) << "nobody flagged";
  request.min_flags = 0, request.at_least = 4;
  EXPECT_EQ(mean(), std::pair(0.0, false)) << "too few";
}

TEST_P(MatchMean, CutsMeansOffAsFarAsTheLeastNumberBears) {
  std::vector<Bank> banks(2);
  for (std::uint64_t i = 0; i < 41; ++i) {
    banks[0].identifiers.push_back(i), banks[1].identifiers.push_back(i);
    banks[0].attribute.push_back(i * i);
  }
  MatchRequest request{.threshold = 2, .min_flags = 0, .show = Show::mean, .recipients = {"bank1"}};
  constexpr std::uint64_t sum = 40 * 41 * 81 / 6;
  EXPECT_EQ(opened(banks, request, "bank1/mean"), sum / 41 << mean_format_bits);
  request.at_least = 33;
  EXPECT_EQ(opened(banks, request, "bank1/mean"), (sum << 5) / 41 << (mean_format_bits - 5));
}

TEST_P(MatchMean, OfLargeNumbersDoesNotWrap) {
  constexpr std::int64_t large = std::int64_t{1} << 42;
  const std::vector<std::uint64_t> numbers(33, static_cast<std::uint64_t>(-large));
  std::vector<Bank> banks(2);
  for (std::uint64_t i = 0; i < 33; ++i)
    banks[0].identifiers.push_back(i), banks[1].identifiers.push_back(i);
  banks[0].attribute = numbers;
  const MatchRequest request{
      .threshold = 2, .min_flags = 0, .show = Show::mean, .at_least = 33, .recipients = {"bank1"}};
  EXPECT_EQ(opened(banks, request, "bank1/mean"),
            static_cast<std::uint64_t>(-(large << mean_format_bits)));
}

INSTANTIATE_TEST_SUITE_P(All, MatchMean, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& test) { return test.param; });

/// The least denominator of a fraction in [q / 2^bits, (q + 1) / 2^bits): what a recipient finds
/// who takes a mean for a fraction cut off.
std::uint64_t simplest_denominator(std::uint64_t q, int bits) {
  for (std::uint64_t denominator = 1;; ++denominator) {
    const unsigned __int128 low = static_cast<unsigned __int128>(q) * denominator;
    const auto numerator =
        static_cast<std::uint64_t>((low + (std::uint64_t{1} << bits) - 1) >> bits);
    const unsigned __int128 scaled = static_cast<unsigned __int128>(numerator) << bits;
    if (scaled < low + denominator) return denominator;
  }
}

TEST(Mean, DoesNotGiveTheNumberOfRowsAwayAsASimplestFraction) {
  std::mt19937_64 draw(1);
  for (const std::uint64_t at_least : {0, 1, 2, 3, 50, 100}) {
    std::size_t found = 0, found_uncut = 0;
    constexpr std::size_t runs = 300;
    for (std::size_t i = 0; i < runs; ++i) {
      const std::uint64_t number = at_least + 2 + draw() % 800, sum = draw() % 1'000'000;
      const auto cut_off = [&](int bits) { return (sum << bits) / number; };
      const int bits = mean_fraction_bits(at_least);
      found += simplest_denominator(cut_off(bits), bits) == number;
      found_uncut += simplest_denominator(cut_off(mean_format_bits), mean_format_bits) == number;
    }
    EXPECT_EQ(found, 0u) << "at least " << at_least;
    EXPECT_GT(found_uncut, runs / 2) << "with all bits the attack is one";
  }
}

// The argument of docs/protocols/matching.md: no number from at_least on is excluded.
TEST(Mean, IsPossibleWithEveryNumberOfRows) {
  for (const std::uint64_t at_least : {0, 1, 2, 7, 8, 9, 100}) {
    const int bits = mean_fraction_bits(at_least);
    EXPECT_LE(std::uint64_t{1} << bits, std::max<std::uint64_t>(1, at_least));
    for (std::uint64_t number = std::max<std::uint64_t>(1, at_least); number < 300; ++number) {
      for (std::uint64_t mean = 0; mean < 500; ++mean) {
        const std::uint64_t sum = ((mean * number) + (std::uint64_t{1} << bits) - 1) >> bits;
        ASSERT_EQ((sum << bits) / number, mean) << number << " rows, " << bits << " bits";
      }
    }
  }
  EXPECT_EQ(mean_fraction_bits(std::uint64_t{1} << 32), mean_format_bits);
}

}  // namespace
}  // namespace polder
