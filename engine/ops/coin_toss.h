// Coins that the nodes toss together: random choices that a run's inputs must not have known.
#pragma once

#include "crypto/stream.h"
#include "protocol/protocol.h"

namespace polder {

/// A stream of coins that every node knows and nobody could foresee before this call; each is used
/// once.  1 round, 40 B.  Reveals nothing: nothing else depends on it.
Stream toss_coins(Protocol& mpc);

}  // namespace polder
