#include "protocol/rep3/schedule.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "net/cancellation_token.h"
#include "protocol/registry.h"

namespace polder::rep3 {
namespace {

using std::chrono::microseconds;

constexpr double rows_per_microsecond = 10;  // compared: 12 B each on a line of 1 Gbit/s
// Between them other programs may have made a short way look long.
constexpr microseconds surely_lan{300}, surely_wan{5000};
constexpr microseconds a_second{1'000'000};  // more makes no difference

std::uint64_t pass_round(Mesh& mesh, std::uint64_t to_prev) {
  std::uint64_t from_next = 0;
  exchange(mesh.prev(), std::span<const std::uint64_t>(&to_prev, 1), mesh.next(),
           std::span(&from_next, 1));
  return from_next;
}

/// Three rounds in which each message waits for the one before: all three lines' ways one after the
/// other.
std::uint64_t one_way_microseconds(Mesh& mesh) {
  const auto start = Clock::now();
  for (int round = 0; round < node_count; ++round) pass_round(mesh, 0);
  const auto one_way = (Clock::now() - start) / node_count;
  return static_cast<std::uint64_t>(std::chrono::duration_cast<microseconds>(one_way).count());
}

/// The least of the three figures: all measure the same lines, and a node that came early or was
/// held up by other programs measured more than those.  5 rounds.
microseconds agreed_one_way(Mesh& mesh) {
  const std::uint64_t own = one_way_microseconds(mesh);
  const std::uint64_t next = pass_round(mesh, own);
  const std::uint64_t prev = pass_round(mesh, next);
  return std::min(microseconds(std::min({own, next, prev})), a_second);
}

}  // namespace

// Of a line of 1 Gbit/s a block's comparison occupies some 4 ms, half of it in the first of its 7
// rounds, and an inquiry's 1 to 2. 4 blocks for each millisecond of the way keep the line full, or
// 8 inquiries if some start at each turn and so are at different rounds. A piece occupies it for 4
// ms.
Schedule schedule_for(microseconds one_way) {
  Schedule schedule;
  if (one_way <= surely_lan) return schedule;
  const double milliseconds = static_cast<double>(one_way.count()) / 1000;
  const auto up_to = [&](std::size_t most, std::size_t lan, double each) {
    return std::min(lan + static_cast<std::size_t>(each * milliseconds), most);
  };
  schedule.pieces_in_flight = up_to(32, 4, 1);
  schedule.blocks = {up_to(64, 2, 4), up_to(64, 2, 4)};
  schedule.inquiries = {up_to(512, 2, 8), up_to(64, 2, 1)};
  schedule.rows_per_round = static_cast<double>(one_way.count()) * rows_per_microsecond;
  return schedule;
}

Schedule agree_on_schedule(Mesh& mesh) {
  microseconds one_way = agreed_one_way(mesh);
  for (int again = 0; again < (one_way < surely_wan ? 4 : 1) && one_way > surely_lan; ++again)
    one_way = std::min(one_way, agreed_one_way(mesh));
  return schedule_for(one_way);
}

}  // namespace polder::rep3
