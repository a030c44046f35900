// Three processes, joined in rings over loopback, that run the rows again and again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/options.h"
#include "bench/row.h"

namespace polder::bench {

/// A row's turns, each reduced over the nodes.
struct Result {
  std::string name;
  std::string group;
  std::size_t n = 0;
  bool tls = false;
  std::vector<double> seconds;  // from the first node's start to the last one's end, a turn each
  std::vector<double>
      cpu_seconds;           // of the three nodes together, which other programs disturb less
  double bytes_per_row = 0;  // sent, mean over the nodes
  std::uint64_t rounds = 0;
  double peak_mb = 0;    // of the pool, at the node where it is largest
  double shares_mb = 0;  // that it read and wrote, inputs and answer; 0: too few to count

  double ns_per_row(double run_seconds) const { return run_seconds * 1e9 / static_cast<double>(n); }
};

double median(std::vector<double> values);

/// A warm-up turn of every row, and then `repeats` of each, rows taking turns.
/// Throws Error internal if a node fails; it has said why on stderr.
std::vector<Result> run(const std::vector<Row>& rows, const Options& options);

}  // namespace polder::bench
