// polder_bench: measures operators on three real nodes, see row.h, and whole matches by each
// protocol, see ftmpsi/measure.h.
#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "base/error.h"
#include "bench/ftmpsi/run.h"
#include "bench/machine.h"
#include "bench/options.h"
#include "bench/report.h"

namespace polder::bench {
namespace {

void print_help() {
  fmt::print(
      "polder_bench [GROUP or ROW ...] [--json] [--n N] [--repeat K]\n"
      "             [--tls on|off|both] [--rtt 20ms] [--bandwidth 1Gbit] [--lanes L]\n"
      "             [--instructions AVX2] [--budget 100s]\n\n"
      "Times operators on three nodes, each a process of its own, over loopback. A row is run "
      "once\n"
      "to warm up and then K times, in turn with the others; medians are shown. With --lanes a "
      "node\n"
      "computes on L threads. ftmpsi_5x2000000 and ftmpsi_3x10000000 (2.5 GB a node) run only by "
      "name, best "
      "with --repeat 0: the warm-up alone.\n\n"
      "ftmpsi runs only by name too: the published table of 30 sizes by each protocol, on "
      "loopback and\n"
      "at 20 and 50 ms, beside the published figures, in some ten minutes. delegated, quorum or "
      "paillier\n"
      "is one protocol's part, quorum_10x65536 or quorum_50x512x25 (T = 25) one size; "
      "paillier-3072 has longer keys,\n"
      "paillier-published the published filters, which err. What paillier would take more than the "
      "budget of CPU seconds for is a model of what was measured. scale is "
      "quorum up to\n"
      "10 x 10^6 and 3 x 10^7.\n\n");
  std::map<std::string, std::string> groups;
  for (const Row& row : rows_named({})) groups[row.group] += " " + row.name;
  for (const auto& [group, names] : groups) fmt::print("{:<12}{}\n", group, names);
  fmt::print("{:<12} delegated quorum paillier scale\n", "ftmpsi");
}

/// Takes the names of the group ftmpsi, which is no group of rows, out of `wanted`.
std::vector<FtmpsiCell> take_ftmpsi(std::vector<std::string>& wanted) {
  std::vector<FtmpsiCell> all;
  std::erase_if(wanted, [&](const std::string& name) {
    const std::vector<FtmpsiCell> cells = ftmpsi_cells(name);
    all.insert(all.end(), cells.begin(), cells.end());
    return !cells.empty();
  });
  return all;
}

void run_bench(Options options) {
  if (options.help) return print_help();
  if (const auto cells = take_ftmpsi(options.wanted); !cells.empty()) {
    if (!options.wanted.empty()) {
      fail(Code::bad_input, "run ftmpsi and '{}' one after the other", options.wanted[0]);
    }
    return run_ftmpsi(cells, options);
  }
  // The references are for a machine's own connections.
  const auto references = options.delay ? std::vector<Reference>()
                                        : read_references(POLDER_SOURCE "/bench/reference.txt");
  if (!options.instructions.empty()) use_only(options.instructions);
  const std::vector<Result> results = run(rows_named(options.wanted), options);
  fmt::print("{}", options.json ? json(results) : table(results, references));
}

}  // namespace
}  // namespace polder::bench

int main(int count, char** arguments) try {
  using namespace polder::bench;
  run_bench(parse_options({arguments + 1, static_cast<std::size_t>(count - 1)}));
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "polder_bench: {}\n", error.what());
  return 1;
}
