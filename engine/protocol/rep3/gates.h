// A circuit on one batch of rows, gate by gate: each gate is one bit plane of the batch. The gates
// of a level are computed into one stretch of memory, which goes out as one frame; the answer's
// second components come back into another. Linear terms are folded in before sending, so the
// received word is the final component.
#pragma once

#include <vector>

#include "base/memory.h"
#include "protocol/rep3/party.h"

namespace polder::rep3 {

class Gates {
 public:
  explicit Gates(Party& party) : party_(&party) {}

  /// Starts a batch of planes of `plane_words` words with at most `planes` gates in all.
  void start(std::size_t plane_words, std::size_t planes);
  /// The next gates, at most `planes`, lie in memory of their own; wires from before stay valid
  /// until `forget`. For circuits of which many wait at once, when what they left behind adds up.
  void renew(std::size_t planes);
  void forget();

  // Products: valid as input after the level's `receive`.
  Wire bit_and(Wire x, Wire y);
  Wire bit_or(Wire x, Wire y);
  Wire select(Wire choose, Wire high, Wire low);
  Wire unequal(Place a, Place b);
  Window join(Window high, Window low);
  Window join(Place high, Place low);

  /// Linear, at once.
  Wire exclusive(Wire x, Wire y);
  Wire copy(Wire x);

  /// Sends the level's gates to the previous node.
  void send();
  /// Waits for their second components.
  void receive();

  /// The level's gates in this node's additive part only, for an opening: sent to both neighbours …
  void send_open();
  /// … and put together: `words` becomes the plain value of the level's only gate.
  void receive_open(std::span<std::uint64_t> words);

  std::size_t plane_words() const { return plane_words_; }

 private:
  /// The next plane of both stretches, for what is not sent.
  std::size_t take_linear();
  /// The next plane of both stretches.
  std::size_t take();
  Wire wire(std::size_t offset) const { return {first_.data() + offset, second_.data() + offset}; }
  template <typename Kernel>
  Wire gate(Kernel&& kernel);
  template <typename Kernel>
  Window window_gates(Kernel&& kernel);

  Party* party_;
  std::size_t plane_words_ = 0;
  Words first_, second_;              // both components of every gate of the batch
  Words old_first_, old_second_;      // of those before `renew`
  std::size_t level_ = 0, used_ = 0;  // the level's start, and the end of what is used
};

/// A batch on its way through a circuit.
class Batch {
 public:
  virtual ~Batch() = default;
  /// Takes what the last step awaited and computes and sends the next; false when there is none.
  virtual bool advance() = 0;
};

/// Runs all batches, as many under way as `flight` says, so that one computes while another's
/// frames are on their way. `make(i)` makes batch i.
template <typename Make>
void run_batches(std::size_t count, const Flight& flight, Make&& make) {
  using Made = decltype(make(std::size_t{0}));
  std::vector<Made> active;
  std::size_t started = 0;
  while (started < count || !active.empty()) {
    for (std::size_t i = 0; i < flight.starts && active.size() < flight.batches; ++i) {
      if (started < count) active.push_back(make(started++));
    }
    std::erase_if(active, [](Made& batch) { return !batch->advance(); });
  }
}

}  // namespace polder::rep3
