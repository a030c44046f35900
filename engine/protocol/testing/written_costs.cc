#include "protocol/testing/written_costs.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "protocol/testing/recorded_run.h"

namespace polder::testing {
namespace {

/// Operator and rows.
std::string key_of(const std::string& line) {
  return line.substr(0, line.find(' ', line.find(' ') + 1));
}

std::map<std::string, std::string> written_down(const std::string& part) {
  std::map<std::string, std::string> lines;
  std::ifstream file(POLDER_COSTS);
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      inside = line == "[" + part + "]";
    } else if (inside) {
      lines[key_of(line)] = line;
    }
  }
  return lines;
}

std::size_t frames_sent(const Recording& node) {
  return static_cast<std::size_t>(
      std::ranges::count(node.frames(), Recording::Direction::sent, &Recording::Frame::direction));
}

std::string fixed_key_line(const std::string& name, std::size_t rows,
                           std::chrono::milliseconds one_way,
                           const std::function<void(Party&)>& work) {
  std::array<Costs, 3> costs;
  const auto nodes = record(
      1, Recording::Keep::lengths,
      [&](Party& party) {
        work(party);
        costs[static_cast<std::size_t>(party.role())] = party.mpc().costs();
      },
      rep3::schedule_for(one_way));
  return fmt::format("{} {} {} {}", cost_line(name, rows, costs), frames_sent(nodes[0]),
                     frames_sent(nodes[1]), frames_sent(nodes[2]));
}

}  // namespace

std::string cost_line(const std::string& name, std::size_t rows,
                      const std::array<Costs, 3>& costs) {
  const auto& [first, second, third] = costs;
  require(first.rounds == second.rounds && first.rounds == third.rounds,
          "the nodes disagree on the number of rounds");
  return fmt::format("{} {} {} {} {} {}", name, rows, first.rounds, first.bytes_sent,
                     second.bytes_sent, third.bytes_sent);
}

std::array<std::string, 2> cost_lines_on_fixed_keys(const std::string& name, std::size_t rows,
                                                    const std::function<void(Party&)>& work) {
  return {fixed_key_line(name, rows, {}, work),
          fixed_key_line(name + "-wan", rows, std::chrono::milliseconds(10), work)};
}

Costs written_costs(const std::string& part, const std::string& name, std::size_t rows) {
  const std::string key = fmt::format("{} {}", name, rows);
  std::istringstream figures(written_down(part).at(key).substr(key.size()));
  Costs costs;
  figures >> costs.rounds >> costs.bytes_sent;
  return costs;
}

std::string differs_from_written(const std::string& part, const std::vector<std::string>& lines) {
  std::map<std::string, std::string> known = written_down(part);
  std::string differences;
  for (const std::string& line : lines) {
    const std::string had = std::exchange(known[key_of(line)], {});
    if (had != line) differences += fmt::format("has: {}\npaste: {}\n", had, line);
  }
  for (const auto& [key, line] : known) {
    if (!line.empty()) differences += fmt::format("remove: {}\n", line);
  }
  return differences.empty() ? "" : fmt::format("tests/costs.txt, [{}]:\n{}", part, differences);
}

}  // namespace polder::testing
