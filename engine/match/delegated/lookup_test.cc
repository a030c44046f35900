// Oracle: a plain map from identifier to report.
#include "match/delegated/lookup.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/error.h"
#include "match/match.h"
#include "protocol/testing/every_protocol.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using testing::Party;

constexpr std::size_t words = 3;  // of a report

using Identifier = std::array<std::uint64_t, 2>;

/// A register of n rows and queries, of which every other one is in it while there are any.
struct Scenario {
  std::vector<Identifier> rows, queries;
  std::vector<std::uint64_t> reports;
  std::map<Identifier, std::vector<std::uint64_t>> report_of;
  int width = identifier_width;

  Scenario(std::size_t n, std::size_t q, unsigned seed) {
    std::mt19937_64 random(seed);
    const auto identifier = [&] { return Identifier{random(), random()}; };
    for (std::size_t row = 0; row < n; ++row) {
      rows.push_back(identifier());
      for (std::size_t i = 0; i < words; ++i) reports.push_back(random());
      report_of[rows.back()] = {reports.end() - words, reports.end()};
    }
    for (std::size_t i = 0; i < q; ++i) {
      queries.push_back(i % 2 == 0 && n > 0 ? rows[random() % n] : identifier());
    }
  }

  Bits shared(Party& party, const std::vector<Identifier>& identifiers) const {
    std::vector<std::uint64_t> flat;
    for (const auto& [low, high] : identifiers) {
      flat.push_back(low);
      if (width > 64) flat.push_back(high);
    }
    return party.input_bits(flat, identifiers.size(), width);
  }

  void ask(Party& party, bool with_report) const {
    IncidentRegister incidents{.identifier = shared(party, rows), .report = {}};
    if (with_report) incidents.report = party.input(reports);
    look_up(party.mpc(), shared(party, queries), incidents, "asker",
            [](double, std::string_view) {});
  }
};

/// Another identifier, in one bit.
Identifier neighbour(Identifier identifier) {
  identifier[0] ^= 1;
  return identifier;
}

class Lookup : public ::testing::TestWithParam<std::string> {
 protected:
  void expect_right(const Scenario& scenario, bool with_report = true) {
    const auto delivered =
        testing::run(GetParam(), [&](Party& party) { scenario.ask(party, with_report); });
    const PlainBits& found = delivered.bits.at("asker/found");
    ASSERT_EQ(found.size(), scenario.queries.size());
    for (std::size_t i = 0; i < scenario.queries.size(); ++i) {
      const auto known = scenario.report_of.find(scenario.queries[i]);
      EXPECT_EQ(found.flag(i), known != scenario.report_of.end()) << "query " << i;
      if (!with_report || scenario.rows.empty()) continue;
      const Words& reports = delivered.sums.at("asker/report");
      ASSERT_EQ(reports.size(), words * scenario.queries.size());
      for (std::size_t k = 0; k < words; ++k) {
        const std::uint64_t due = known == scenario.report_of.end() ? 0 : known->second[k];
        EXPECT_EQ(reports[i * words + k], due) << "query " << i << ", word " << k;
      }
    }
  }
};

TEST_P(Lookup, IsRightForEverySize) {
  for (const std::size_t n : {0, 1, 2, 3, 63, 64, 65, 1000}) {
    for (const std::size_t q : {1, 2, 7, 64}) {
      expect_right(Scenario(n, q, static_cast<unsigned>(100 * n + q)));
    }
  }
}

TEST_P(Lookup, IsRightWithoutReports) {
  for (const std::size_t n : {0, 1, 100}) expect_right(Scenario(n, 3, 5), false);
}

TEST_P(Lookup, IsRightOverSeveralBatches) { expect_right(Scenario(4096 + 1001, 64, 9)); }

TEST_P(Lookup, FindsTheFirstAndTheLastRow) {
  Scenario scenario(33'000, 2, 1);  // more than a block of rows
  scenario.queries = {scenario.rows.front(), scenario.rows.back()};
  expect_right(scenario);
}

TEST_P(Lookup, AnswersTheSameQueryTwiceAlike) {
  Scenario scenario(50, 3, 2);
  scenario.queries = {scenario.rows[7], scenario.rows[7], neighbour(scenario.rows[7])};
  expect_right(scenario);
}

TEST_P(Lookup, RefusesIdentifiersCutShort) {
  Scenario scenario(100, 1, 3);
  scenario.width -= 1;
  EXPECT_THROW(expect_right(scenario), Error);
}

INSTANTIATE_TEST_SUITE_P(All, Lookup, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& param) { return param.param; });

/// What passed at the nodes when the queries, and what they find, differ but the sizes do not.
std::array<Recording, 3> seen(unsigned keys, const Scenario& scenario, Recording::Keep keep) {
  return testing::record(keys, keep, [&](Party& party) { scenario.ask(party, true); });
}

Scenario asking(std::size_t found) {
  Scenario scenario(500, 6, static_cast<unsigned>(found));
  for (std::size_t i = 0; i < 6; ++i) {
    scenario.queries[i] = i < found ? scenario.rows[i * 50] : neighbour(scenario.rows[i]);
  }
  return scenario;
}

TEST(LookupView, FramesAreAlikeWhateverIsFound) {
  const auto nothing = seen(3, asking(0), Recording::Keep::lengths);
  for (std::size_t found = 1; found <= 6; ++found) {
    const auto other = seen(3, asking(found), Recording::Keep::lengths);
    for (std::size_t node = 0; node < 3; ++node) ASSERT_EQ(other[node], nothing[node]) << found;
  }
}

TEST(LookupView, FreshKeysChangeEveryWord) {
  const auto first = seen(1, asking(3), Recording::Keep::hashes);
  const auto second = seen(2, asking(3), Recording::Keep::hashes);
  for (std::size_t node = 0; node < 3; ++node) {
    EXPECT_NE(first[node].hash(Recording::Direction::sent),
              second[node].hash(Recording::Direction::sent));
  }
}

/// Rounds, and bytes of node 0.
std::pair<std::uint64_t, std::uint64_t> cost(std::size_t rows, std::size_t queries,
                                             bool with_report) {
  const Scenario scenario(rows, queries, 4);
  Costs costs;
  testing::run("rep3", [&](Party& party) {
    const Costs own = cost_of(party.mpc(), [&] { scenario.ask(party, with_report); });
    if (party.role() == 0) costs = own;
  });
  return {costs.rounds, costs.bytes_sent};
}

// The table of docs/protocols/lookup.md.
TEST(LookupCosts, AreThoseWrittenDown) {
  using Cost = std::pair<std::uint64_t, std::uint64_t>;
  EXPECT_EQ(cost(1000, 1, false), Cost(8, 7768));
  EXPECT_EQ(cost(1000, 1, true), Cost(12, 15888));
  EXPECT_EQ(cost(1000, 10, true), Cost(12, 154872));
  EXPECT_EQ(cost(100'000, 1, true), Cost(13, 1713680));
}

}  // namespace
}  // namespace polder
