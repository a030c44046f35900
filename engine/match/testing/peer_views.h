// What each bank of a peer protocol puts on its connections and takes from them.
#pragma once

#include <vector>

#include "match/testing/peer_cases.h"
#include "net/testing/recording_channel.h"

namespace polder::testing {

/// One recording a bank, of all its connections in order.
std::vector<Recording> views(PeerProtocol* protocol, const PeerCase& peer_case,
                             Recording::Keep keep);

/// What came in, frame by frame, in whole words; of a recording that kept the bytes.
std::vector<Words> received_frames(const Recording& recording);

}  // namespace polder::testing
