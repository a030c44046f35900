// How long a match takes, and what it sends, at each of several distances between the machines.
// All parties share this machine; a distance is a real delay of every message (delaying_channel.h),
// so waiting and computing overlap as they would.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "bench/ftmpsi/cells.h"
#include "bench/options.h"

namespace polder::bench {

struct Figures {
  enum class From {
    measured,
    added_up,  // measured without a delay, and half a round trip for each of its rounds
    modelled,  // from what was measured beside it
  };

  double seconds = 0, cpu_seconds = 0;  // cpu: of all parties together
  double bytes = 0;                     // that all of them send
  double rounds = 0;                    // messages that wait for one another
  double wrong_rows = 0;                // of the requester's
  double memory = 0;                    // bytes at the peak, of all parties; 0: not looked at
  From from = From::measured;
};

using Distances = std::vector<Clock::duration>;  // round trips; the first is none for paillier
using AtDistances = std::vector<Figures>;        // [distances]

struct FtmpsiResult {
  FtmpsiCell cell;
  AtDistances at;
};

/// Called before a cell is measured.
using Announce = std::function<void(const FtmpsiCell&)>;

/// By the bench's three processes on bare TCP. The owners' work beforehand does not count: it is
/// not part of a run.
std::vector<AtDistances> measure_delegated(const std::vector<MatchSizes>& cells,
                                           const Distances& distances, int repeats);

/// Threads of this process on socket pairs; medians. So many items or more are measured without a
/// delay only.
inline constexpr std::size_t large = 100'000;
AtDistances measure_quorum(const MatchSizes& sizes, const Distances& distances, int repeats);

/// As `lan`, between machines so far apart: half a round trip for each of its rounds.
AtDistances with_waiting(const Figures& lan, const Distances& distances);

/// Of all cells with one number of banks. For 50 x 512 the match alone takes minutes, so what is
/// expected to take more processor seconds than `budget` is on the straight line through the two
/// largest sizes that were measured; the two smallest always are. A key is the mean of what luck
/// decides.
struct PaillierFigures {
  std::vector<FtmpsiResult> matches;  // by items; the key is there
  AtDistances key;                    // to make it; mean
  double model_error = 0;  // where the model also was measured: the largest relative error of CPU
};
PaillierFigures measure_paillier(Method method, std::vector<MatchSizes> cells,
                                 const Distances& distances, double budget,
                                 const Announce& announce);

}  // namespace polder::bench
