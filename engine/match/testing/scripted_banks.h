// A bank alone with a script: what comes from any other bank is made up, what it sends goes
// nowhere.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "match/peer_match.h"
#include "net/parties.h"

namespace polder::testing {

class ScriptedBanks {
 public:
  /// Fills a frame that is received.
  using Script = std::function<void(std::span<std::uint8_t>)>;

  /// `count` banks; bank 0 is the one that runs.
  ScriptedBanks(int count, Script script)
      : connection_(std::move(script)), parties_(0, connections(static_cast<std::size_t>(count))) {}

  Parties& parties() { return parties_; }

 private:
  class Connection final : public Channel {
   public:
    explicit Connection(Script script) : script_(std::move(script)) {}
    void send(std::span<const std::uint8_t>) override {}
    void receive(std::span<std::uint8_t> payload) override { script_(payload); }
    void flush() override {}
    void abort(Code, std::string_view) noexcept override {}
    Traffic traffic() const override { return {}; }

   private:
    Script script_;
  };

  std::vector<Channel*> connections(std::size_t count) {
    std::vector<Channel*> out(count, &connection_);
    out[0] = nullptr;
    return out;
  }

  Connection connection_;
  Parties parties_;
};

/// Clients 0, 1 …, every other one flagged.
inline PeerTable numbered_table(std::size_t rows, bool flags) {
  PeerTable out;
  for (std::size_t i = 0; i < rows; ++i) {
    out.identifiers.push_back({static_cast<std::uint8_t>(i)});
    if (flags) out.flagged.push_back(i % 2 == 0);
  }
  return out;
}

}  // namespace polder::testing
