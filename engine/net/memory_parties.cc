#include "net/memory_parties.h"

#include <optional>
#include <thread>

#include "net/run_part.h"

namespace polder {
namespace {

constexpr SessionId memory_session = {'m', 'e', 'm', 'o', 'r', 'y'};

}  // namespace

struct MemoryParties::Place {
  explicit Place(const Patience::Limits& limits) : patience(limits), pump(patience) {}

  void join(int self, int peer, Socket socket) {
    const Binding binding{memory_session, static_cast<std::uint8_t>(self),
                          static_cast<std::uint8_t>(peer)};
    lines[static_cast<std::size_t>(peer)] = std::make_unique<SocketChannel>(
        std::make_unique<PlainTransport>(std::move(socket)), binding, pump);
  }

  Patience patience;
  Pump pump;
  std::vector<std::unique_ptr<SocketChannel>> lines;
  std::optional<Parties> parties;
};

MemoryParties::MemoryParties(int count, const Patience::Limits& limits) {
  for (int i = 0; i < count; ++i) {
    places_.push_back(std::make_unique<Place>(limits));
    places_.back()->lines.resize(static_cast<std::size_t>(count));
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
    for (const auto& line : place(i).lines) lines.push_back(line.get());
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
