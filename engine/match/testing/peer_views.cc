#include "match/testing/peer_views.h"

#include <memory>

#include "net/memory_parties.h"

namespace polder::testing {

std::vector<Recording> views(PeerProtocol* protocol, const PeerCase& peer_case,
                             Recording::Keep keep) {
  const auto count = static_cast<int>(peer_case.banks.size());
  std::vector<Recording> recordings(peer_case.banks.size(), Recording(keep));
  MemoryParties world(count);
  run_parties(world, [&](Parties& parties) {
    const auto self = static_cast<std::size_t>(parties.self());
    std::vector<std::unique_ptr<Channel>> recorded;
    std::vector<Channel*> lines;
    for (int peer = 0; peer < count; ++peer) {
      if (peer != parties.self()) {
        recorded.push_back(std::make_unique<RecordingChannel>(
            parties.to(peer), std::to_string(peer), recordings[self]));
      }
      lines.push_back(peer == parties.self() ? nullptr : recorded.back().get());
    }
    Parties seen(parties.self(), lines);
    protocol(seen, peer_case.match, peer_table(peer_case.banks[self], peer_case.match.flags),
             [](double, std::string_view) {});
  });
  return recordings;
}

}  // namespace polder::testing
