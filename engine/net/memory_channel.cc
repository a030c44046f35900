#include "net/memory_channel.h"

#include <thread>
#include <vector>

#include "net/first_error.h"

namespace polder {
namespace {

constexpr SessionId memory_session = {'m', 'e', 'm', 'o', 'r', 'y'};

Binding binding(int self, int peer) {
  return {memory_session, static_cast<std::uint8_t>(self), static_cast<std::uint8_t>(peer)};
}

}  // namespace

MemoryRing::Place::Place(int role, const Patience::Limits& limits, Socket to_next, Socket to_prev)
    : patience(limits),
      pump(patience),
      next(std::make_unique<PlainTransport>(std::move(to_next)), binding(role, next_role(role)),
           pump),
      prev(std::make_unique<PlainTransport>(std::move(to_prev)), binding(role, prev_role(role)),
           pump),
      mesh(role, next, prev) {}

MemoryRing::MemoryRing(const Patience::Limits& limits) {
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

}  // namespace polder
