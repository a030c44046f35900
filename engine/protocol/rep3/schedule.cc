#include "protocol/rep3/schedule.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "net/patience.h"
#include "protocol/registry.h"

namespace polder::rep3 {
namespace {

constexpr double rows_a_microsecond = 10;  // compared: 12 B each on a line of 1 Gbit/s
// Microseconds between which other programs may have made a short way look long.
constexpr std::uint64_t surely_near = 300, surely_far = 5000;
constexpr std::uint64_t a_second = 1'000'000;  // more makes no difference

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
  const auto way = (Clock::now() - start) / node_count;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(way).count());
}

/// The least of the three figures: all measure the same lines, and a node that came early or was
/// held up by other programs measured more than those.  5 rounds.
std::uint64_t agreed_way(Mesh& mesh) {
  const std::uint64_t own = one_way_microseconds(mesh);
  const std::uint64_t next = pass_round(mesh, own);
  const std::uint64_t prev = pass_round(mesh, next);
  return std::min({own, next, prev, a_second});
}

}  // namespace

// A batch of a comparison occupies a line of 1 Gbit/s for some 4 ms, and its 7 rounds take 7 times
// the way: 2 batches for each millisecond of it keep the line full. A piece occupies it for 4 ms.
Schedule schedule_for(std::chrono::microseconds one_way) {
  const auto milliseconds = static_cast<std::size_t>(one_way.count() / 1000);
  Schedule schedule;
  schedule.batches_in_flight = std::min<std::size_t>(2 + 2 * milliseconds, 32);
  schedule.pieces_in_flight = std::min<std::size_t>(4 + milliseconds, 32);
  if (milliseconds > 0)  // less may be the other programs' doing
    schedule.rows_a_round = static_cast<double>(one_way.count()) * rows_a_microsecond;
  return schedule;
}

Schedule agree_on_schedule(Mesh& mesh) {
  std::uint64_t way = agreed_way(mesh);
  for (int again = 0; again < (way < surely_far ? 4 : 1) && way > surely_near; ++again)
    way = std::min(way, agreed_way(mesh));
  return schedule_for(std::chrono::microseconds(way));
}

}  // namespace polder::rep3
