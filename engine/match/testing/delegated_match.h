// The delegated protocol in the place of a peer protocol, so that all protocols stand before the
// same table of cases.
#pragma once

#include "match/peer_match.h"

namespace polder::testing {

/// Every bank hands its table to the requester, who runs match() on three nodes in its own process.
PeerProtocol delegated_match;

}  // namespace polder::testing
