// The peer protocols by the names that people use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "match/peer_match.h"

namespace polder {

/// Throws Error bad_input naming those that there are.
PeerProtocol* peer_protocol(std::string_view name);

std::vector<std::string> peer_protocols();

}  // namespace polder
