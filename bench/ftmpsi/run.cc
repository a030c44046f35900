#include "bench/ftmpsi/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/error.h"
#include "bench/ftmpsi/report.h"

namespace polder::bench {
namespace {

Distances distances_of(const Options& options) {
  using std::chrono::milliseconds;
  if (!options.delay) return {milliseconds(0), milliseconds(20), milliseconds(50)};
  if (std::isfinite(options.delay->bits_per_second)) {
    fail(Code::bad_input, "ftmpsi takes --rtt and no --bandwidth");
  }
  return {options.delay->round_trip};
}

std::vector<MatchSizes> sizes_of(const std::vector<FtmpsiCell>& cells, Method method) {
  std::vector<MatchSizes> sizes;
  for (const FtmpsiCell& cell : cells) {
    if (cell.method == method) sizes.push_back(cell.sizes);
  }
  return sizes;
}

class Run {
 public:
  Run(const std::vector<FtmpsiCell>& cells, const Options& options)
      : cells_(cells),
        repeats_(std::max(1, options.repeats.value_or(1))),
        report_{.distances = distances_of(options),
                .budget = options.budget_seconds,
                .results = {},
                .keys = {},
                .model_error = 0} {}

  FtmpsiReport measure() {
    measure_delegated_cells();  // processes of their own: before there are threads
    measure_quorum_cells();
    for (const Method method :
         {Method::paillier, Method::paillier_3072, Method::paillier_published})
      measure_paillier_cells(method);
    if (isatty(STDERR_FILENO)) fmt::print(stderr, "\r\033[K");
    return std::move(report_);
  }

 private:
  void announce(const FtmpsiCell& cell) {
    ++begun_;
    if (!isatty(STDERR_FILENO)) return;
    fmt::print(stderr, "\r\033[K{} of {}: {} {} x {}", begun_, cells_.size(), name(cell.method),
               cell.sizes.banks, cell.sizes.items);
    std::fflush(stderr);
  }

  void measure_delegated_cells() {
    const auto sizes = sizes_of(cells_, Method::delegated);
    if (sizes.empty()) return;
    announce({Method::delegated, sizes[0]});
    const auto measured = measure_delegated(sizes, report_.distances, repeats_);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      report_.results.push_back({{Method::delegated, sizes[i]}, measured[i]});
    }
    begun_ = sizes.size();
  }

  void measure_quorum_cells() {
    const auto all = sizes_of(cells_, Method::quorum);
    if (all.empty()) return;
    measure_quorum(MatchSizes::of(3, 4), {Clock::duration::zero()}, 1);  // to warm up
    for (const MatchSizes& sizes : all) {
      const FtmpsiCell cell{Method::quorum, sizes};
      announce(cell);
      report_.results.push_back({cell, measure_quorum(sizes, report_.distances, repeats_)});
    }
  }

  void measure_paillier_cells(Method method) {
    std::vector<MatchSizes> left = sizes_of(cells_, method);
    while (!left.empty()) {
      const std::size_t banks = left[0].banks;
      const auto others = std::ranges::stable_partition(
          left, [banks](const MatchSizes& sizes) { return sizes.banks == banks; });
      const PaillierFigures figures =
          measure_paillier(method, {left.begin(), others.begin()}, report_.distances,
                           report_.budget, [&](const FtmpsiCell& cell) { announce(cell); });
      std::ranges::copy(figures.matches, std::back_inserter(report_.results));
      report_.keys.push_back({method, banks, figures.key});
      report_.model_error = std::max(report_.model_error, figures.model_error);
      left.erase(left.begin(), others.begin());
    }
  }

  const std::vector<FtmpsiCell>& cells_;
  const int repeats_;
  FtmpsiReport report_;
  std::size_t begun_ = 0;
};

}  // namespace

void run_ftmpsi(const std::vector<FtmpsiCell>& cells, const Options& options) {
  const FtmpsiReport report = Run(cells, options).measure();
  fmt::print("{}", options.json ? json(report) : table(report));
}

}  // namespace polder::bench
