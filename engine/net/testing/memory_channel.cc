#include "net/testing/memory_channel.h"

#include <thread>
#include <vector>

#include "net/testing/run_part.h"

namespace polder {
namespace {

constexpr SessionId memory_session = {'m', 'e', 'm', 'o', 'r', 'y'};

Binding binding(int self, int peer) {
  return {memory_session, static_cast<std::uint8_t>(self), static_cast<std::uint8_t>(peer)};
}

struct AllLanes {
  std::vector<Mesh*> meshes;

  void flush() const {
    for (const Mesh* mesh : meshes) mesh->flush();
  }
  void abort(Code code, std::string_view why) const noexcept {
    for (const Mesh* mesh : meshes) mesh->abort(code, why);
  }
};

}  // namespace

MemoryRing::Place::Place(int role, const CancellationToken::Limits& limits, Socket to_next,
                         Socket to_prev)
    : cancellation(limits),
      pump(cancellation),
      next(std::make_unique<PlainTransport>(std::move(to_next)), binding(role, next_role(role)),
           pump),
      prev(std::make_unique<PlainTransport>(std::move(to_prev)), binding(role, prev_role(role)),
           pump),
      mesh(role, next, prev) {}

MemoryRing::MemoryRing(const CancellationToken::Limits& limits) {
  std::array<Socket, 3> to_next;
  std::array<Socket, 3> to_prev;
  for (int role = 0; role < 3; ++role) {
    auto [dialler, acceptor] = socket_pair();
    to_next[index(role)] = std::move(dialler);
    to_prev[index(next_role(role))] = std::move(acceptor);
  }
  for (int role = 0; role < 3; ++role) {
    places_[index(role)] = std::make_unique<Place>(role, limits, std::move(to_next[index(role)]),
                                                   std::move(to_prev[index(role)]));
  }
}

MemoryRing::~MemoryRing() = default;

void run_parties(MemoryRing& ring, const std::function<void(Mesh&)>& party) {
  FirstError first;
  {
    std::vector<std::jthread> threads;
    for (int role = 0; role < 3; ++role) {
      threads.emplace_back(
          [&, role] { run_part(ring.mesh(role), first, [&] { party(ring.mesh(role)); }); });
    }
  }
  first.rethrow();
}

void run_parties(const std::function<void(Mesh&)>& party) {
  MemoryRing ring;
  run_parties(ring, party);
}

void run_parties_on_lanes(std::size_t lanes,
                          const std::function<void(std::span<Mesh* const>)>& party) {
  std::vector<std::unique_ptr<MemoryRing>> rings;
  for (std::size_t i = 0; i < lanes; ++i) rings.push_back(std::make_unique<MemoryRing>());
  FirstError first;
  {
    std::vector<std::jthread> threads;
    for (int role = 0; role < 3; ++role) {
      threads.emplace_back([&, role] {
        AllLanes all;
        for (const auto& ring : rings) all.meshes.push_back(&ring->mesh(role));
        bool ended_well = false;
        run_part(all, first, [&] {
          party(all.meshes);
          ended_well = true;
        });
        // As a node's connections do: a peer may still have output that nobody will read.
        for (const auto& ring : rings) {
          if (!ended_well) ring->leave(role);
        }
      });
    }
  }
  first.rethrow();
}

}  // namespace polder
