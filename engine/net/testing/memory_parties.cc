#include "net/testing/memory_parties.h"

#include <optional>
#include <thread>

#include "net/testing/run_part.h"

namespace polder {
namespace {

constexpr SessionId memory_session = {'m', 'e', 'm', 'o', 'r', 'y'};

}  // namespace

struct MemoryParties::Place {
  Place(std::size_t count, const CancellationToken::Limits& limits,
        const std::optional<Uplink::Options>& slow)
      : cancellation(limits), pump(cancellation), connections(count), slow_connections(count) {
    if (slow) uplink.emplace(*slow);
  }

  void join(int self, int peer, Socket socket) {
    const Binding binding{memory_session, static_cast<std::uint8_t>(self),
                          static_cast<std::uint8_t>(peer)};
    const auto i = static_cast<std::size_t>(peer);
    connections[i] = std::make_unique<SocketChannel>(
        std::make_unique<PlainTransport>(std::move(socket)), binding, pump);
    if (uplink)
      slow_connections[i] = std::make_unique<DelayingChannel>(*connections[i], *uplink, pump);
  }

  Channel* connection(std::size_t peer) const {
    return uplink ? static_cast<Channel*>(slow_connections[peer].get()) : connections[peer].get();
  }

  CancellationToken cancellation;
  Pump pump;
  std::optional<Uplink> uplink;
  std::vector<std::unique_ptr<SocketChannel>> connections;  // [t]
  std::vector<std::unique_ptr<DelayingChannel>>
      slow_connections;  // [t], around them if there is an uplink
  std::optional<Parties> parties;
};

MemoryParties::MemoryParties(int count, const CancellationToken::Limits& limits,
                             const std::optional<Uplink::Options>& slow) {
  for (int i = 0; i < count; ++i) {
    places_.push_back(std::make_unique<Place>(static_cast<std::size_t>(count), limits, slow));
  }
  const auto place = [&](int i) -> Place& { return *places_[static_cast<std::size_t>(i)]; };
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < i; ++j) {
      auto [one, other] = socket_pair();
      place(i).join(i, j, std::move(one));
      place(j).join(j, i, std::move(other));
    }
  }
  for (int i = 0; i < count; ++i) {
    std::vector<Channel*> connections;
    for (int j = 0; j < count; ++j)
      connections.push_back(place(i).connection(static_cast<std::size_t>(j)));
    place(i).parties.emplace(i, std::move(connections));
  }
}

MemoryParties::~MemoryParties() = default;

Parties& MemoryParties::at(int party) { return *places_[static_cast<std::size_t>(party)]->parties; }

void MemoryParties::leave(int party) { places_[static_cast<std::size_t>(party)].reset(); }

void run_parties(MemoryParties& scenario, const std::function<void(Parties&)>& part) {
  FirstError first;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < scenario.count(); ++i) {
      threads.emplace_back(
          [&, i] { run_part(scenario.at(i), first, [&] { part(scenario.at(i)); }); });
    }
  }
  first.rethrow();
}

}  // namespace polder
