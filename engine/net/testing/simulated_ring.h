// Three nodes in one process on a simulated network, in virtual time, with one trouble drawn from a
// seed. The same seed gives the same frames, delays and errors, bit for bit: what failed once can
// be run again and looked at.
#pragma once

#include <array>
#include <deque>
#include <exception>
#include <memory>
#include <string>

#include "net/cancellation_token.h"
#include "net/frame.h"
#include "net/mesh.h"
#include "net/testing/virtual_time.h"

namespace polder {

class SimulatedRing {
 public:
  using Time = VirtualTime::Time;

  enum class Trouble {
    none,
    slow,     // a node's frames take a thousand times as long
    stalls,   // a node stands still, up to three times the limit of silence
    cut,      // the connection between two nodes breaks; what was under way is lost
    deaf,     // what a node sends to one other vanishes from now on, and nobody is told
    dies,     // a node ends without a word
    repeats,  // a frame arrives twice
    swaps,    // two frames arrive in the wrong order
  };
  static constexpr int troubles = 8;

  struct Options {
    std::uint64_t seed;
    std::uint64_t steps;  // the trouble comes at one of so many first sends and receives of a node
    Time silence = std::chrono::seconds(30);
    Time deadline = std::chrono::minutes(10);
  };

  explicit SimulatedRing(const Options& options);
  ~SimulatedRing();

  /// How a node's part ended.
  struct End {
    enum class How { well, error, died } how = How::well;
    Code code{};
    std::string message = {};
  };

  /// Runs `part` as each node, as run_parties of memory_channel.h does. Once.
  std::array<End, 3> run(const std::function<void(Mesh&)>& part);

  Trouble trouble() const { return trouble_; }
  Time now() const { return time_.now(); }
  /// One line an event: time, node, what, peer, bytes, hash of the bytes.
  const std::string& events() const { return events_; }

 private:
  struct Frame {
    Time arrives;
    HeaderBytes head;
    Bytes payload;
  };
  /// From one node to another.
  struct Pipe {
    std::deque<Frame> frames = {};
    Time last_arrival{0};
    bool ended = false;  // after these frames
    bool deaf = false;
  };
  struct Node;
  class Connection;
  struct Died {};

  Pipe& pipe(int from, int to);
  End run_node(int role, const std::function<void(Mesh&)>& part);
  void step(int role);
  void strike();
  void strike_frame(int from, Pipe& pipe);
  void cut(int one, int other);
  Time delay(int from);
  void message(int role, std::string_view what, int peer, std::span<const std::uint8_t> payload);

  const Options options_;
  VirtualTime time_;
  std::array<Pipe, 9> pipes_;
  std::array<std::unique_ptr<Node>, 3> nodes_;
  std::string events_;
  // The one trouble: of `victim_`, towards `other_`, at its step `at_`.
  Trouble trouble_;
  int victim_, other_;
  std::uint64_t at_;
  bool struck_ = false, frame_due_ = false;
};

std::string_view name(SimulatedRing::Trouble trouble);

}  // namespace polder
