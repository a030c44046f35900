// Runs of a peer protocol: each bank a thread of this process, joined by socket pairs.
#pragma once

#include <functional>
#include <vector>

#include "bench/ftmpsi/measure.h"
#include "net/testing/memory_parties.h"

namespace polder::bench {

class PeerRuns {
 public:
  explicit PeerRuns(const MatchSizes& sizes);

  using Protocol = std::function<PeerAnswer(Parties&, const PeerMatch&, const PeerTable&)>;
  /// One run, with its wrong rows counted.
  Figures run(Clock::duration round_trip, const Protocol& protocol) const;

 private:
  PeerMatch match_;
  std::vector<PeerTable> tables_;
  Values expected_;  // of the requester
};

/// Bank 0 asks, with flags.
PeerMatch peer_match(const MatchSizes& sizes);

/// As if each were on a machine of its own, so far away from the others.
MemoryParties parties_at(std::size_t banks, Clock::duration round_trip);

}  // namespace polder::bench
