// t parties in one process, each joined to every other by a socket pair: for tests and dry runs.
// The connections are the real channel, as in memory_channel.h.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "net/parties.h"
#include "net/socket_channel.h"
#include "net/testing/delaying_channel.h"

namespace polder {

/// Each party's things belong to its thread once it runs. Takes t (t - 1) descriptors.
class MemoryParties {
 public:
  /// slow: as if every party were on a machine of its own, behind such a connection.
  explicit MemoryParties(
      int count, const CancellationToken::Limits& limits = {.silence = std::chrono::seconds(120)},
      const std::optional<Uplink::Options>& slow = std::nullopt);
  ~MemoryParties();

  int count() const { return static_cast<int>(places_.size()); }
  Parties& at(int party);

  /// The party is gone: its connections close, the others see peer_lost.
  void leave(int party);

 private:
  struct Place;
  std::vector<std::unique_ptr<Place>> places_;
};

/// Runs `part` for each party on a thread of its own. A party that throws tells the others why; the
/// error that came first is thrown again here.
void run_parties(MemoryParties& scenario, const std::function<void(Parties&)>& part);

}  // namespace polder
