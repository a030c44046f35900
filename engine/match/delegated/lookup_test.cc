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

/// A register of n rows and questions, of which every other one is in it while there are any.
struct World {
  std::vector<Identifier> rows, questions;
  std::vector<std::uint64_t> reports;
  std::map<Identifier, std::vector<std::uint64_t>> report_of;
  int width = identifier_width;

  World(std::size_t n, std::size_t q, unsigned seed) {
    std::mt19937_64 random(seed);
    const auto identifier = [&] { return Identifier{random(), random()}; };
    for (std::size_t row = 0; row < n; ++row) {
      rows.push_back(identifier());
      for (std::size_t i = 0; i < words; ++i) reports.push_back(random());
      report_of[rows.back()] = {reports.end() - words, reports.end()};
    }
    for (std::size_t i = 0; i < q; ++i) {
      questions.push_back(i % 2 == 0 && n > 0 ? rows[random() % n] : identifier());
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
    look_up(party.mpc(), shared(party, questions), incidents, "asker",
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
  void expect_right(const World& world, bool with_report = true) {
    const auto delivered =
        testing::run(GetParam(), [&](Party& party) { world.ask(party, with_report); });
    const PlainBits& found = delivered.bits.at("asker/found");
    ASSERT_EQ(found.size(), world.questions.size());
    for (std::size_t i = 0; i < world.questions.size(); ++i) {
      const auto known = world.report_of.find(world.questions[i]);
      EXPECT_EQ(found.flag(i), known != world.report_of.end()) << "question " << i;
      if (!with_report || world.rows.empty()) continue;
      const Words& reports = delivered.sums.at("asker/report");
      ASSERT_EQ(reports.size(), words * world.questions.size());
      for (std::size_t k = 0; k < words; ++k) {
        const std::uint64_t due = known == world.report_of.end() ? 0 : known->second[k];
        EXPECT_EQ(reports[i * words + k], due) << "question " << i << ", word " << k;
      }
    }
  }
};

TEST_P(Lookup, IsRightForEverySize) {
  for (const std::size_t n : {0, 1, 2, 3, 63, 64, 65, 1000}) {
    for (const std::size_t q : {1, 2, 7, 64}) {
      expect_right(World(n, q, static_cast<unsigned>(100 * n + q)));
    }
  }
}

TEST_P(Lookup, IsRightWithoutReports) {
  for (const std::size_t n : {0, 1, 100}) expect_right(World(n, 3, 5), false);
}

TEST_P(Lookup, IsRightOverSeveralBatches) { expect_right(World(4096 + 1001, 64, 9)); }

TEST_P(Lookup, FindsTheFirstAndTheLastRow) {
  World world(33'000, 2, 1);  // more than a block of rows
  world.questions = {world.rows.front(), world.rows.back()};
  expect_right(world);
}

TEST_P(Lookup, AnswersTheSameQuestionTwiceAlike) {
  World world(50, 3, 2);
  world.questions = {world.rows[7], world.rows[7], neighbour(world.rows[7])};
  expect_right(world);
}

TEST_P(Lookup, RefusesIdentifiersCutShort) {
  World world(100, 1, 3);
  world.width -= 1;
  EXPECT_THROW(expect_right(world), Error);
}

INSTANTIATE_TEST_SUITE_P(All, Lookup, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& param) { return param.param; });

/// What passed at the nodes when the questions, and what they find, differ but the sizes do not.
std::array<Recording, 3> seen(unsigned keys, const World& world, Recording::Keep keep) {
  return testing::record(keys, keep, [&](Party& party) { world.ask(party, true); });
}

World asking(std::size_t found) {
  World world(500, 6, static_cast<unsigned>(found));
  for (std::size_t i = 0; i < 6; ++i) {
    world.questions[i] = i < found ? world.rows[i * 50] : neighbour(world.rows[i]);
  }
  return world;
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
std::pair<std::uint64_t, std::uint64_t> cost(std::size_t rows, std::size_t questions,
                                             bool with_report) {
  const World world(rows, questions, 4);
  Costs costs;
  testing::run("rep3", [&](Party& party) {
    const Costs own = cost_of(party.mpc(), [&] { world.ask(party, with_report); });
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
