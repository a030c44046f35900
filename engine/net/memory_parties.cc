#include "net/memory_parties.h"

#include <optional>
#include <thread>

#include "net/run_part.h"

namespace polder {
namespace {

constexpr SessionId memory_session = {'m', 'e', 'm', 'o', 'r', 'y'};

}  // namespace

struct MemoryParties::Place {
  Place(std::size_t count, const Patience::Limits& limits,
        const std::optional<Uplink::Options>& slow)
      : patience(limits), pump(patience), lines(count), slow_lines(count) {
    if (slow) uplink.emplace(*slow);
  }

  void join(int self, int peer, Socket socket) {
    const Binding binding{memory_session, static_cast<std::uint8_t>(self),
                          static_cast<std::uint8_t>(peer)};
    const auto i = static_cast<std::size_t>(peer);
    lines[i] = std::make_unique<SocketChannel>(std::make_unique<PlainTransport>(std::move(socket)),
                                               binding, pump);
    if (uplink) slow_lines[i] = std::make_unique<DelayingChannel>(*lines[i], *uplink, pump);
  }

  Channel* line(std::size_t peer) const {
    return uplink ? static_cast<Channel*>(slow_lines[peer].get()) : lines[peer].get();
  }

  Patience patience;
  Pump pump;
  std::optional<Uplink> uplink;
  std::vector<std::unique_ptr<SocketChannel>> lines;  // [t]
  std::vector<std::unique_ptr<DelayingChannel>>
      slow_lines;  // [t], around them if there is an uplink
  std::optional<Parties> parties;
};

MemoryParties::MemoryParties(int count, const Patience::Limits& limits,
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
    std::vector<Channel*> lines;
    for (int j = 0; j < count; ++j) lines.push_back(place(i).line(static_cast<std::size_t>(j)));
    place(i).parties.emplace(i, std::move(lines));
  }
}

MemoryParties::~MemoryParties() = default;

Parties& MemoryParties::at(int party) { return *places_[static_cast<std::size_t>(party)]->parties; }

void MemoryParties::leave(int party) { places_[static_cast<std::size_t>(party)].reset(); }

void run_parties(MemoryParties& world, const std::function<void(Parties&)>& part) {
  FirstError first;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < world.count(); ++i) {
      threads.emplace_back([&, i] { run_part(world.at(i), first, [&] { part(world.at(i)); }); });
    }
  }
  first.rethrow();
}

}  // namespace polder
