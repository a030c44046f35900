#include "match/testing/peer_views.h"

#include <cstring>

#include "net/testing/memory_parties.h"
#include "net/testing/recording_parties.h"

namespace polder::testing {

std::vector<Recording> views(PeerProtocol* protocol, const PeerCase& peer_case,
                             Recording::Keep keep) {
  std::vector<Recording> recordings(peer_case.banks.size(), Recording(keep));
  MemoryParties scenario(static_cast<int>(peer_case.banks.size()));
  run_parties(scenario, [&](Parties& parties) {
    const auto self = static_cast<std::size_t>(parties.self());
    RecordingParties seen(parties, recordings[self]);
    protocol(seen.parties(), peer_case.match,
             peer_table(peer_case.banks[self], peer_case.match.flags),
             [](double, std::string_view) {});
  });
  return recordings;
}

std::vector<Words> received_frames(const Recording& recording) {
  std::vector<Words> received;
  const std::uint8_t* at = recording.bytes(Recording::Direction::received).data();
  for (const Recording::Frame& frame : recording.frames()) {
    if (frame.direction != Recording::Direction::received) continue;
    Words& words = received.emplace_back(frame.bytes / sizeof(std::uint64_t));
    if (!words.empty()) std::memcpy(words.data(), at, words.size() * sizeof(std::uint64_t));
    at += frame.bytes;
  }
  return received;
}

}  // namespace polder::testing
