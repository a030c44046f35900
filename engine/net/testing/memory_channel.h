// Three parties in one process, joined in a ring by socket pairs: for tests and dry runs. The
// connections are the real channel, so frames, waits, limits and errors are those of the nodes.
#pragma once

#include <array>
#include <functional>
#include <memory>

#include "net/mesh.h"
#include "net/socket_channel.h"

namespace polder {

/// Each party's things belong to its thread once it runs.
class MemoryRing {
 public:
  explicit MemoryRing(const CancellationToken::Limits& limits = {
                          .silence = std::chrono::seconds(120)});
  ~MemoryRing();

  Mesh& mesh(int role) { return places_[index(role)]->mesh; }
  CancellationToken& cancellation(int role) { return places_[index(role)]->cancellation; }
  Pump& pump(int role) { return places_[index(role)]->pump; }

  /// The party is gone: its connections close, its peers see peer_lost.
  void leave(int role) { places_[index(role)].reset(); }

 private:
  struct Place {
    Place(int role, const CancellationToken::Limits& limits, Socket to_next, Socket to_prev);
    CancellationToken cancellation;
    Pump pump;
    SocketChannel next;
    SocketChannel prev;
    Mesh mesh;
  };
  static std::size_t index(int role) { return static_cast<std::size_t>(role); }

  std::array<std::unique_ptr<Place>, 3> places_;
};

/// Runs `party` on three threads over a ring. A party that throws tells its neighbours why; the
/// error that came first is thrown again here.
void run_parties(MemoryRing& ring, const std::function<void(Mesh&)>& party);
void run_parties(const std::function<void(Mesh&)>& party);

/// The same with as many rings, for parties that work on several lanes.
void run_parties_on_lanes(std::size_t lanes,
                          const std::function<void(std::span<Mesh* const>)>& party);

}  // namespace polder
