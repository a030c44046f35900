#include "bench/ftmpsi/measure.h"

#include <algorithm>
#include <limits>

#include "bench/ftmpsi/peer_runs.h"
#include "bench/runner.h"
#include "match/quorum/quorum.h"

namespace polder::bench {
namespace {

Figures figures_of(const Result& result) {
  return {.seconds = median(result.seconds),
          .cpu_seconds = median(result.cpu_seconds),
          .bytes = result.bytes_per_row * static_cast<double>(3 * result.n),
          .rounds = static_cast<double>(result.rounds)};
}

Figures median_of(const std::vector<Figures>& runs) {
  Figures middle = runs[0];
  const auto of = [&](double Figures::*field) {
    std::vector<double> values;
    for (const Figures& run : runs) values.push_back(run.*field);
    return median(values);
  };
  middle.seconds = of(&Figures::seconds);
  middle.cpu_seconds = of(&Figures::cpu_seconds);
  return middle;
}

}  // namespace

std::vector<AtDistances> measure_delegated(const std::vector<MatchSizes>& cells,
                                           const Distances& distances, int repeats) {
  std::vector<Row> rows;
  for (const MatchSizes& sizes : cells) rows.push_back(ftmpsi_in_bins(sizes));
  std::vector<AtDistances> measured(cells.size());
  for (const Clock::duration distance : distances) {
    Options options;
    options.tls = {false};
    options.repeats = repeats;
    if (distance != Clock::duration::zero()) {
      options.delay = {distance, std::numeric_limits<double>::infinity()};
    }
    const std::vector<Result> results = run(rows, options);
    for (std::size_t i = 0; i < cells.size(); ++i) measured[i].push_back(figures_of(results[i]));
  }
  return measured;
}

AtDistances measure_quorum(const MatchSizes& sizes, const Distances& distances, int repeats) {
  const PeerRuns runs(sizes);
  const auto measured_at = [&](Clock::duration distance) {
    std::vector<Figures> each;
    for (int i = 0; i < repeats; ++i) {
      each.push_back(
          runs.run(distance, [](Parties& own, const PeerMatch& match, const PeerTable& table) {
            return quorum_match(own, match, table, [](double, std::string_view) {});
          }));
      expect_right(each.back().wrong_rows == 0);
    }
    return median_of(each);
  };
  if (sizes.items >= large) return with_waiting(measured_at({}), distances);
  AtDistances measured;
  for (const Clock::duration distance : distances) measured.push_back(measured_at(distance));
  return measured;
}

AtDistances with_waiting(const Figures& lan, const Distances& distances) {
  AtDistances all;
  for (const Clock::duration distance : distances) {
    const std::chrono::duration<double> half = distance / 2;
    Figures& figures = all.emplace_back(lan);
    figures.seconds += lan.rounds * half.count();
    if (half.count() > 0 && lan.from == Figures::From::measured) {
      figures.from = Figures::From::added_up;
    }
  }
  return all;
}

}  // namespace polder::bench
