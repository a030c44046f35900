// Runs of rep3 with fixed keys. Their frames may be recorded: to show that what goes over the lines
// depends on public sizes, and that what one node sees is uniform.
#pragma once

#include <array>
#include <functional>

#include "net/testing/recording_channel.h"
#include "protocol/rep3/schedule.h"
#include "protocol/testing/every_protocol.h"

namespace polder::testing {

/// What passed at each of the three nodes while `work` ran as all of them. `keys` picks the nodes'
/// keys: equal numbers, equal randomness. The dealer's seeds are always the same, so that with
/// other keys only what the nodes draw themselves differs. `schedule`: of nodes so far apart.
std::array<Recording, 3> record(unsigned keys, Recording::Keep keep,
                                const std::function<void(Party&)>& work,
                                const rep3::Schedule& schedule = {});

/// The same, of which nothing is recorded.
void run_at_distance(const rep3::Schedule& schedule, const std::function<void(Party&)>& work);

/// Runs `work` again as one node, alone and on this thread, with all that it received in that run
/// (Recording::bytes). `watch`, if any, sees what it sends and receives.
void replay(unsigned keys, int role, std::span<const std::uint8_t> received,
            const std::function<void(Party&)>& work, const rep3::Schedule& schedule = {},
            Recording* watch = nullptr);

}  // namespace polder::testing
