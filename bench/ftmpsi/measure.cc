#include "bench/ftmpsi/measure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/bits.h"
#include "base/error.h"
#include "bench/ftmpsi/peer_runs.h"
#include "bench/runner.h"
#include "match/quorum/parameters.h"
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

AtDistances measure(const MatchSizes& sizes, const Distances& distances, int repeats) {
  const PeerRuns runs(sizes);
  AtDistances measured;
  for (const Clock::duration distance : distances) {
    std::vector<Figures> each;
    for (int i = 0; i < repeats; ++i) {
      each.push_back(
          runs.run(distance, [](Parties& own, const PeerMatch& match, const PeerTable& table) {
            return quorum_match(own, match, table, [](double, std::string_view) {});
          }));
    }
    measured.push_back(median_of(each));
  }
  return measured;
}

/// Whether the protocol's errors have no room for so many rows.
bool refused(const MatchSizes& sizes) {
  try {
    quorum::Parameters(static_cast<int>(sizes.banks), peer_match(sizes));
    return false;
  } catch (const Error&) {
    return true;
  }
}

/// As quorum/parameters.h has them; refused sizes would need more than 63.
double comparison_bits(const MatchSizes& sizes) {
  return 43 + log2_ceil(quorum::bins_for(sizes.items) * (sizes.banks - 1));
}

AtDistances modelled(const FtmpsiResult& from, const MatchSizes& sizes) {
  const double factor = static_cast<double>(sizes.items) /
                        static_cast<double>(from.cell.sizes.items) * comparison_bits(sizes) /
                        comparison_bits(from.cell.sizes);
  AtDistances model = from.at;
  for (Figures& figures : model) {
    // What is not computing is waiting, which stays.
    figures.seconds += (factor - 1) * from.at[0].seconds;
    figures.cpu_seconds *= factor;
    figures.bytes *= factor;
    figures.memory *= factor;
    figures.from = Figures::From::modelled;
  }
  return model;
}

double error_of_model(const FtmpsiResult& from, const FtmpsiResult& measured) {
  const Figures model = modelled(from, measured.cell.sizes)[0];
  return std::abs(model.cpu_seconds / measured.at[0].cpu_seconds - 1);
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

QuorumFigures measure_quorum(std::vector<MatchSizes> cells, const Distances& distances, int repeats,
                             const Announce& announce) {
  std::ranges::sort(cells, {}, &MatchSizes::items);
  measure(MatchSizes::of(3, 4), {Clock::duration::zero()}, 1);  // to warm up
  QuorumFigures all;
  std::vector<FtmpsiResult> measured;
  for (const MatchSizes& sizes : cells) {
    const FtmpsiCell cell{Way::quorum, sizes};
    announce(cell);
    if (!refused(sizes)) {
      measured.push_back({cell, measure(sizes, distances, repeats)});
      all.matches.push_back(measured.back());
      continue;
    }
    if (measured.empty()) {
      fail(Code::bad_input, "quorum_{}x{} is a model: name a smaller size of {} banks beside it",
           sizes.banks, sizes.items, sizes.banks);
    }
    all.matches.push_back({cell, modelled(measured.back(), sizes)});
    if (measured.size() > 1) all.model_error = error_of_model(measured.end()[-2], measured.back());
  }
  return all;
}

}  // namespace polder::bench
