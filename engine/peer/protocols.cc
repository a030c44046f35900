#include "peer/protocols.h"

#include <fmt/format.h>

#include <array>

#include "base/error.h"
#include "match/paillier/paillier_match.h"
#include "match/quorum/quorum.h"

namespace polder {
namespace {

struct Entry {
  std::string_view name;
  PeerProtocol* run;
};

constexpr std::array entries{Entry{"quorum", quorum_match}, Entry{"paillier", paillier_match},
                             Entry{"paillier-3072", paillier_match_3072}};

}  // namespace

PeerProtocol* peer_protocol(std::string_view name) {
  for (const Entry& entry : entries) {
    if (entry.name == name) return entry.run;
  }
  fail(Code::bad_input, "there is no peer protocol '{}'; there is {}", name,
       fmt::join(peer_protocols(), ", "));
}

std::vector<std::string> peer_protocols() {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.emplace_back(entry.name);
  return names;
}

}  // namespace polder
