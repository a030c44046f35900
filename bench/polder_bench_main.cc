// polder_bench: measures operators on three real nodes. See row.h.
#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "base/error.h"
#include "bench/machine.h"
#include "bench/options.h"
#include "bench/report.h"

namespace polder::bench {
namespace {

void print_help() {
  fmt::print(
      "polder_bench [GROUP or ROW ...] [--json] [--n N] [--repeat K]\n"
      "             [--tls on|off|both] [--rtt 20ms] [--bandwidth 1Gbit] [--lanes L]\n"
      "             [--instructions AVX2]\n\n"
      "Times operators on three nodes, each a process of its own, over loopback. A row is run "
      "once\n"
      "to warm up and then K times, in turn with the others; medians are shown. With --lanes a "
      "node\n"
      "computes on L threads. ftmpsi_5x2000000 runs only by name: ten million rows, --repeat "
      "1.\n\n");
  std::map<std::string, std::string> groups;
  for (const Row& row : rows_named({})) groups[row.group] += " " + row.name;
  for (const auto& [group, names] : groups) fmt::print("{:<12}{}\n", group, names);
}

void run_bench(const Options& options) {
  if (options.help) return print_help();
  // The references are for a machine's own lines.
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
