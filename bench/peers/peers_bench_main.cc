// polder_peers_bench [--json] [BANKSxROWS[xTHRESHOLD] ...]: flagged threshold matching among peers.
// Without sizes: the published table's. Every answer is checked against plain counting; a wrong one
// ends the program with 1. CPU is of all banks together, bytes are what all of them send.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <ctime>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "match/quorum/quorum.h"
#include "net/memory_parties.h"

namespace {

using namespace polder;

struct Cell {
  std::size_t banks, rows;
  std::uint64_t threshold;
};

/// Seconds on 32 cores without a network, as published for the protocol with a Paillier key.
std::optional<double> published(const Cell& cell) {
  static const std::map<std::pair<std::size_t, std::size_t>, double> seconds{
      {{5, 4}, 0.37},    {{5, 16}, 0.87},   {{5, 64}, 3.22},    {{5, 256}, 12.76},
      {{5, 512}, 25.51}, {{15, 4}, 0.68},   {{15, 16}, 2.13},   {{15, 64}, 7.94},
      {{50, 4}, 3.34},   {{50, 16}, 12.03}, {{50, 512}, 365.67}};
  const auto found = seconds.find({cell.banks, cell.rows});
  return found == seconds.end() ? std::nullopt : std::optional(found->second);
}

std::uint64_t threshold_for(std::size_t banks) { return std::max<std::uint64_t>(2, banks / 3 + 1); }

std::vector<Cell> published_table() {
  std::vector<Cell> cells;
  for (const std::size_t banks : {5, 15, 25, 35, 40, 50}) {
    for (const std::size_t rows : {4, 16, 64, 256, 512}) {
      cells.push_back({banks, rows, threshold_for(banks)});
    }
  }
  return cells;
}

/// Bank i holds a window of the identifiers that starts at i steps, so every number of holders
/// occurs; one in five is flagged.
struct World {
  explicit World(const Cell& cell) : tables(cell.banks) {
    const std::size_t step = std::max<std::size_t>(1, cell.rows * 5 / (4 * cell.banks));
    for (std::size_t bank = 0; bank < cell.banks; ++bank) {
      std::mt19937_64 draw(bank);
      for (std::size_t i = 0; i < cell.rows; ++i) {
        add(tables[bank], bank * step + i, draw() % 5 == 0);
      }
    }
  }

  void add(PeerTable& table, std::uint64_t item, bool flagged) {
    std::mt19937_64 spread(item);
    const std::array<std::uint64_t, 2> words{spread(), spread()};
    std::memcpy(table.identifiers.emplace_back().data(), words.data(), sizeof words);
    table.flagged.push_back(flagged);
    ++holders[table.identifiers.back()];
    flags[table.identifiers.back()] += flagged;
  }

  bool matches(const IdentifierHash& identifier, std::uint64_t threshold) const {
    return holders.at(identifier) >= threshold && flags.at(identifier) > 0;
  }

  std::vector<PeerTable> tables;
  std::map<IdentifierHash, std::uint64_t> holders, flags;
};

double seconds(clockid_t clock) {
  std::timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Figures {
  double wall, cpu;
  std::uint64_t bytes, rounds;
};

Figures measure(const Cell& cell) {
  const World world(cell);
  const PeerMatch match{0, cell.threshold, true, std::vector<std::uint64_t>(cell.banks, cell.rows)};
  MemoryParties parties(static_cast<int>(cell.banks));
  std::atomic<std::uint64_t> bytes = 0;
  PeerAnswer answer;
  const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  run_parties(parties, [&](Parties& own) {
    const auto self = static_cast<std::size_t>(own.self());
    PeerAnswer part = quorum_match(own, match, world.tables[self], [](double, std::string_view) {});
    bytes += own.traffic().bytes_sent;
    if (self == 0) answer = std::move(part);
  });
  const Figures figures{seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
                        bytes, answer.rounds};
  for (std::size_t i = 0; i < cell.rows; ++i) {
    const bool right = world.matches(world.tables[0].identifiers[i], cell.threshold);
    require(answer.rows.at(i) == right, "a row's answer is not what plain counting says");
  }
  return figures;
}

Cell parsed(const std::string& text) {
  std::vector<std::uint64_t> numbers;
  for (const char *at = text.data(), *const end = at + text.size(); at <= end; ++at) {
    const auto [next, error] = std::from_chars(at, end, numbers.emplace_back());
    if (error != std::errc() || (next != end && *next != 'x')) numbers.clear(), at = end;
    if (!numbers.empty()) at = next;
  }
  if (numbers.size() != 2 && numbers.size() != 3) {
    fail(Code::bad_input, "'{}' is no BANKSxROWS or BANKSxROWSxTHRESHOLD", text);
  }
  return {numbers[0], numbers[1], numbers.size() == 3 ? numbers[2] : threshold_for(numbers[0])};
}

void print(const Cell& cell, const Figures& figures, bool json) {
  const auto other = published(cell);
  const std::string known = other ? fmt::format("{}", *other) : json ? "null" : "-";
  fmt::print(
      fmt::runtime(json ? R"({{"protocol": "quorum", "banks": {}, "rows": {}, "threshold": {}, )"
                          R"("seconds": {:.4f}, "cpu_seconds": {:.4f}, "bytes": {}, )"
                          R"("rounds": {}, "published_seconds": {}}})"
                          "\n"
                        : "{:5} {:7} {:9} {:9.3f} {:9.3f} {:12} {:7} {:>10}\n"),
      cell.banks, cell.rows, cell.threshold, figures.wall, figures.cpu, figures.bytes,
      figures.rounds, known);
}

int measure_all(std::vector<std::string> arguments) {
  const bool json = std::erase(arguments, "--json") > 0;
  std::vector<Cell> cells;
  for (const std::string& argument : arguments) cells.push_back(parsed(argument));
  if (cells.empty()) cells = published_table();
  if (!json) {
    fmt::print("banks    rows threshold   seconds       CPU        bytes  rounds  published\n");
  }
  for (const Cell& cell : cells) print(cell, measure(cell), json);
  return 0;
}

}  // namespace

int main(int count, char** arguments) try {
  return measure_all({arguments + 1, arguments + count});
} catch (const polder::Error& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
