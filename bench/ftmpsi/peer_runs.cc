#include "bench/ftmpsi/peer_runs.h"

#include <algorithm>
#include <atomic>
#include <limits>

#include "bench/ftmpsi/memory_watch.h"
#include "bench/ftmpsi/stopwatch.h"

namespace polder::bench {

PeerMatch peer_match(const MatchSizes& sizes) {
  return {0, sizes.threshold, true, std::vector<std::uint64_t>(sizes.banks, sizes.items)};
}

PeerRuns::PeerRuns(const MatchSizes& sizes) : match_(peer_match(sizes)) {
  const BankTables tables(sizes);
  for (std::size_t i = 0; i < sizes.banks; ++i) tables_.push_back(tables.peer_table(i));
  expected_ = tables.matches_of(0, sizes.threshold, 1);
}

Figures PeerRuns::run(Clock::duration round_trip, const Protocol& protocol) const {
  MemoryParties parties = parties_at(tables_.size(), round_trip);
  std::atomic<std::uint64_t> bytes = 0;
  PeerAnswer answer;
  const MemoryWatch memory;
  const Stopwatch watch;
  run_parties(parties, [&](Parties& own) {
    PeerAnswer part = protocol(own, match_, tables_[static_cast<std::size_t>(own.self())]);
    bytes += own.traffic().bytes_sent;
    if (own.self() == match_.requester) answer = std::move(part);
  });
  Figures figures{.seconds = watch.seconds(),
                  .cpu_seconds = watch.cpu_seconds(),
                  .bytes = static_cast<double>(bytes),
                  .rounds = static_cast<double>(answer.rounds),
                  .memory = memory.peak_bytes()};
  expect_right(answer.rows.size() == expected_.size());
  for (std::size_t i = 0; i < expected_.size(); ++i)
    figures.wrong_rows += answer.rows[i] != (expected_[i] != 0);
  return figures;
}

MemoryParties parties_at(std::size_t banks, Clock::duration round_trip) {
  std::optional<Uplink::Options> slow;
  if (round_trip != Clock::duration::zero()) {
    slow = {round_trip, std::numeric_limits<double>::infinity()};
  }
  // A bank that waits for all others on two cores waits long.
  return MemoryParties(static_cast<int>(banks), {.silence = std::chrono::hours(1)}, slow);
}

}  // namespace polder::bench
