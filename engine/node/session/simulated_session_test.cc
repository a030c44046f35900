// Sessions of three nodes on a simulated network, one trouble in each: the right result or a named
// error, never a wrong or partial result, and always an end. POLDER_SEEDS says how many are run,
// POLDER_SEED which is the first; what a failure prints runs that one again, bit for bit.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <random>
#include <set>

#include "match/index.h"
#include "match/testing/scenarios.h"
#include "net/testing/simulated_ring.h"
#include "node/session/agreement.h"
#include "protocol/rep3/rep3.h"
#include "protocol/testing/rep3_party.h"

namespace polder {
namespace {

using testing::Bank;
using testing::bank_name;
using testing::KeepingOutbox;
using testing::Party;
using testing::Rep3Party;
using How = SimulatedRing::End::How;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

/// What is matched: drawn from the seed, as the trouble is. Every tenth is of more than 300 rows,
/// which a sort takes by a sample, between nodes 10 ms apart, which ask more at once.
struct Scenario {
  explicit Scenario(std::uint64_t seed) : large(seed % 10 == 0) {
    std::mt19937_64 draw(seed);
    const std::size_t parties = 2 + draw() % 3, rows = 1 + draw() % 12;
    banks = testing::random_banks(parties, large ? 150 + rows : rows, large ? 200 : 16,
                                  static_cast<unsigned>(seed));
    request = {.threshold = 1 + draw() % parties, .min_flags = draw() % 2, .recipients = {}};
    in_bins = request.threshold >= 2 && draw() % 3 == 0;
    for (std::size_t i = 0; i < (in_bins ? 1 : parties); ++i) {
      request.recipients.push_back(bank_name(i));
    }
  }
  /// How many of a node's first sends and receives may be the one at which trouble comes.
  std::uint64_t steps() const { return in_bins ? 60 : large ? 400 : 250; }

  bool large;
  std::vector<Bank> banks;
  MatchRequest request;
  bool in_bins;
};

/// What one node has after a run: its result shares, and whose row each bin holds.
struct Result {
  KeepingOutbox shares = {};
  std::vector<std::uint32_t> rows_of_bins = {};
};

/// The match itself, whichever way.
void match_scenario(Party& party, const Scenario& scenario, Result& result) {
  const auto ignored = [](double, std::string_view) {};
  const bool flags = scenario.request.min_flags > 0;
  if (!scenario.in_bins) {
    match(party.mpc(), scenario.request, testing::match_parties(party, scenario.banks, flags),
          ignored);
    return;
  }
  testing::BinnedBanks binned = testing::binned_banks(party, scenario.banks, 0, flags);
  match_for_one(party.mpc(), scenario.request, binned.requester, binned.others, ignored);
  result.rows_of_bins = std::move(binned.rows);
}

/// One node's session as session.cc runs it; only that its keys come from the seed.
class Node {
 public:
  Node(Mesh& mesh, std::uint64_t seed) : mesh_(mesh), seed_(seed) {}

  Result match_as_node(const Scenario& scenario) {
    agree(mesh_,
          {.session = "s", .plan = "p", .requester = "r", .handles = {}, .protocol = "rep3"});
    Admission admission({.bytes = 1000});
    Admission::Ticket ticket(admission, 1);
    admit(mesh_, ticket);
    Rep3Party party(mesh_.role(), {testing::fixed_key(1), testing::fixed_key(2)},
                    [&](Outbox& outbox) { return protocol(outbox, scenario.large); });
    Result result;
    match_scenario(party, scenario, result);
    party.mpc().check();
    finish_together(mesh_);
    result.shares = party.outbox();
    return result;
  }

 private:
  std::unique_ptr<Protocol> protocol(Outbox& outbox, bool wan) {
    const Key own =
        testing::fixed_key(3).derive(std::to_string(seed_) + " " + std::to_string(mesh_.role()));
    Key::Raw next;
    exchange(mesh_.prev(), own.raw(), mesh_.next(), next);
    auto mpc = std::make_unique<Rep3>(mesh_, own, Key(next), outbox);
    mpc->set_schedule(rep3::schedule_for(std::chrono::milliseconds(wan ? 10 : 0)));
    return mpc;
  }

  Mesh& mesh_;
  const std::uint64_t seed_;
};

struct Session {
  explicit Session(std::uint64_t seed)
      : scenario(seed), ring({.seed = seed, .steps = scenario.steps()}) {
    ends = ring.run([&](Mesh& mesh) {
      results[static_cast<std::size_t>(mesh.role())] = Node(mesh, seed).match_as_node(scenario);
    });
  }

  /// A client puts a result together only if all three nodes have one.
  bool done() const {
    return std::ranges::all_of(ends, [](const auto& end) { return end.how == How::well; });
  }

  void expect_right() const {
    for (const std::string& recipient : scenario.request.recipients) {
      const std::string key = recipient + "/rows";
      const auto share = [&](std::size_t node) { return results[node].shares.bits.at(key); };
      expect_rows(recipient, reconstruct(std::array{share(0), share(1), share(2)}));
    }
  }

  void expect_rows(const std::string& recipient, const PlainBits& matched) const {
    const testing::Oracle oracle(scenario.banks);
    const Bank& bank = scenario.banks[static_cast<std::size_t>(recipient.back() - '0')];
    const auto row_of = [&](std::size_t i) {
      return scenario.in_bins ? results[0].rows_of_bins[i] : static_cast<std::uint32_t>(i);
    };
    for (std::size_t i = 0; i < matched.size(); ++i) {
      const bool due =
          row_of(i) != no_row && oracle.matches(bank.identifiers[row_of(i)], scenario.request);
      ASSERT_EQ(matched.flag(i), due) << recipient << " " << i;
    }
  }

  void expect_named_errors() const {
    const std::set<Code> known{Code::peer_lost, Code::peer_aborted, Code::timed_out,
                               Code::cheating};
    for (const auto& end : ends) {
      if (end.how != How::error) continue;
      ASSERT_TRUE(known.contains(end.code)) << end.message;
      ASSERT_NE(end.message.find("node "), std::string::npos) << end.message;
    }
  }

  Scenario scenario;
  SimulatedRing ring;
  std::array<Result, 3> results;
  std::array<SimulatedRing::End, 3> ends;
};

std::string again(std::uint64_t seed) {
  return "again: POLDER_SEED=" + std::to_string(seed) +
         " POLDER_SEEDS=1 build/release/engine/node/node_test --gtest_filter='SimulatedSession.*'";
}

TEST(SimulatedSession, IsRightOrEndsWithANamedErrorWhateverHappens) {
  const std::uint64_t first = from_environment("POLDER_SEED", 1);
  const std::uint64_t seeds = from_environment("POLDER_SEEDS", 300);
  std::array<std::array<std::uint64_t, 2>, SimulatedRing::troubles> count{};
  for (std::uint64_t seed = first; seed < first + seeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(again(seed));
    const Session session(seed);
    session.done() ? session.expect_right() : session.expect_named_errors();
    ASSERT_LT(session.ring.now(), std::chrono::minutes(12));
    ASSERT_TRUE(session.done() || session.ring.trouble() != SimulatedRing::Trouble::none);
    ++count[static_cast<std::size_t>(session.ring.trouble())][session.done()];
  }
  for (int i = 0; i < SimulatedRing::troubles; ++i) {
    const auto& [failed, done] = count[static_cast<std::size_t>(i)];
    fmt::print("{}: {} done, {} failed\n", name(static_cast<SimulatedRing::Trouble>(i)), done,
               failed);
  }
}

TEST(SimulatedSession, ReplaysBitForBit) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Session session(seed), replayed(seed);
    ASSERT_EQ(session.ring.events(), replayed.ring.events()) << again(seed);
    ASSERT_EQ(session.done(), replayed.done());
  }
}

}  // namespace
}  // namespace polder
