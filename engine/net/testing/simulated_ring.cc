#include "net/testing/simulated_ring.h"

#include <algorithm>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/hex.h"

namespace polder {
namespace {

using namespace std::chrono_literals;

constexpr SessionId simulated_session = {'s', 'i', 'm', 'u', 'l', 'a', 't', 'e'};

Binding binding(int self, int peer) {
  return {simulated_session, static_cast<std::uint8_t>(self), static_cast<std::uint8_t>(peer)};
}

}  // namespace

/// A node's end of its connection to one other.
class SimulatedRing::Connection final : public Channel {
 public:
  Connection(SimulatedRing& ring, int self, int peer)
      : ring_(ring), self_(self), peer_(peer), binding_(binding(self, peer)) {}

  void send(std::span<const std::uint8_t> payload) override {
    ring_.step(self_);
    if (out().ended) throw_end();
    put(outgoing(binding_, payload.size(), traffic_.frames_sent), payload);
    traffic_.bytes_sent += header_bytes + payload.size();
    ++traffic_.frames_sent;
    ring_.message(self_, "sends to", peer_, payload);
    ring_.strike_frame(self_, out());
  }

  void receive(std::span<std::uint8_t> payload) override {
    ring_.step(self_);
    await_frame();
    const Frame frame = std::move(in().frames.front());
    in().frames.pop_front();
    const Header due = incoming(binding_, payload.size(), traffic_.frames_received);
    const Header got = decode(frame.head);
    const std::string peer = binding_.shown();
    if (is_abort(due, got, peer)) throw_aborted(peer, frame.payload);
    expect(due, got, peer);
    std::ranges::copy(frame.payload, payload.begin());
    traffic_.bytes_received += header_bytes + payload.size();
    ++traffic_.frames_received;
    ring_.message(self_, "has from", peer_, payload);
  }

  void flush() override { ring_.step(self_); }

  void abort(Code code, std::string_view why) noexcept override {
    if (out().ended) return;
    const Bytes payload = abort_payload(code, why);
    put(abort_header(binding_, payload.size()), payload);
    ring_.message(self_, "aborts to", peer_, payload);
    out().ended = true;
  }

  Traffic traffic() const override { return traffic_; }

 private:
  Pipe& out() { return ring_.pipe(self_, peer_); }
  Pipe& in() { return ring_.pipe(peer_, self_); }

  void put(const Header& header, std::span<const std::uint8_t> payload) {
    if (out().deaf) return;
    out().last_arrival = std::max(out().last_arrival, ring_.now() + ring_.delay(self_));
    out().frames.push_back(
        {out().last_arrival, encode(header), Bytes(payload.begin(), payload.end())});
  }

  void await_frame() {
    const Time give_up = std::min(ring_.now() + ring_.options_.silence, ring_.options_.deadline);
    ring_.time_.sleep(self_, [&] {
      if (!in().frames.empty()) return std::min(in().frames.front().arrives, give_up);
      return in().ended ? ring_.now() : give_up;
    });
    if (!in().frames.empty() && in().frames.front().arrives <= ring_.now()) return;
    if (in().frames.empty() && in().ended) throw_end();
    fail(Code::timed_out, "no answer from node {} in time", peer_);
  }

  [[noreturn]] void throw_end() const {
    fail(Code::peer_lost, "the connection to node {} broke; see whether it is still up", peer_);
  }

  SimulatedRing& ring_;
  const int self_, peer_;
  const Binding binding_;
  Traffic traffic_;
};

struct SimulatedRing::Node {
  Node(SimulatedRing& ring, int role)
      : next(ring, role, next_role(role)),
        prev(ring, role, prev_role(role)),
        mesh(role, next, prev) {}
  Connection next, prev;
  Mesh mesh;
  std::uint64_t steps = 0;
};

SimulatedRing::SimulatedRing(const Options& options) : options_(options), time_(3, options.seed) {
  for (int role = 0; role < 3; ++role) {
    nodes_[static_cast<std::size_t>(role)] = std::make_unique<Node>(*this, role);
  }
  trouble_ = static_cast<Trouble>(time_.draw(troubles));
  victim_ = static_cast<int>(time_.draw(3));
  other_ = time_.draw(2) == 0 ? next_role(victim_) : prev_role(victim_);
  at_ = time_.draw(options.steps);
}

SimulatedRing::~SimulatedRing() = default;

std::array<SimulatedRing::End, 3> SimulatedRing::run(const std::function<void(Mesh&)>& part) {
  std::array<End, 3> ends;
  time_.run([&](int role) {
    ends[static_cast<std::size_t>(role)] = run_node(role, part);
    pipe(role, next_role(role)).ended = true;
    pipe(role, prev_role(role)).ended = true;
  });
  return ends;
}

SimulatedRing::End SimulatedRing::run_node(int role, const std::function<void(Mesh&)>& part) {
  Mesh& mesh = nodes_[static_cast<std::size_t>(role)]->mesh;
  try {
    part(mesh);
    mesh.flush();
    message(role, "ends well with", role, {});
    return {};
  } catch (const Died&) {
    message(role, "dies without", role, {});
    return {.how = End::How::died};
  } catch (const Error& error) {
    message(role, error.what(), role, {});
    mesh.abort(error.code(), error.what());
    return {.how = End::How::error, .code = error.code(), .message = error.what()};
  } catch (const std::exception& error) {
    mesh.abort(Code::internal, error.what());
    return {.how = End::How::error, .code = Code::internal, .message = error.what()};
  }
}

SimulatedRing::Pipe& SimulatedRing::pipe(int from, int to) {
  return pipes_[static_cast<std::size_t>(3 * from + to)];
}

/// Every send and receive begins here: the node has computed for a moment, and the others may run.
void SimulatedRing::step(int role) {
  Time until = now() + Time(time_.draw(100'000));
  Node& node = *nodes_[static_cast<std::size_t>(role)];
  if (role == victim_ && node.steps++ == at_ && trouble_ != Trouble::none) {
    message(role, name(trouble_), other_, {});
    struck_ = true;
    if (trouble_ == Trouble::dies) throw Died();
    if (trouble_ == Trouble::stalls) {
      until += Time(time_.draw(static_cast<std::uint64_t>(3 * options_.silence.count())));
    }
    strike();
  }
  time_.sleep(role, [until] { return until; });
  if (now() >= options_.deadline) {
    fail(Code::timed_out, "the session's deadline passed at node {}", role);
  }
}

void SimulatedRing::strike() {
  if (trouble_ == Trouble::cut) cut(victim_, other_);
  if (trouble_ == Trouble::deaf) pipe(victim_, other_).deaf = true;
  frame_due_ = trouble_ == Trouble::repeats || trouble_ == Trouble::swaps;
}

/// What befalls the frame that `from` has just sent, if it is its turn.
void SimulatedRing::strike_frame(int from, Pipe& pipe) {
  if (!frame_due_ || from != victim_) return;
  std::deque<Frame>& frames = pipe.frames;
  if (trouble_ == Trouble::repeats) frames.push_back(frames.back());
  if (trouble_ == Trouble::swaps) {
    if (frames.size() < 2) return;  // the next one then
    std::swap(frames[frames.size() - 1].head, frames[frames.size() - 2].head);
    std::swap(frames[frames.size() - 1].payload, frames[frames.size() - 2].payload);
  }
  frame_due_ = false;
}

void SimulatedRing::cut(int one, int other) {
  for (Pipe* const side : {&pipe(one, other), &pipe(other, one)}) {
    side->frames.clear();
    side->ended = true;
  }
}

SimulatedRing::Time SimulatedRing::delay(int from) {
  const Time usual = 1us + Time(time_.draw(2'000'000));
  return struck_ && trouble_ == Trouble::slow && from == victim_ ? 1000 * usual : usual;
}

void SimulatedRing::message(int role, std::string_view what, int peer,
                            std::span<const std::uint8_t> payload) {
  events_ += fmt::format("{} {} {} {} {} {}\n", now().count(), role, what, peer, payload.size(),
                         to_hex(hash128(payload)));
}

std::string_view name(SimulatedRing::Trouble trouble) {
  using Trouble = SimulatedRing::Trouble;
  switch (trouble) {
    case Trouble::none:
      return "none";
    case Trouble::slow:
      return "slow";
    case Trouble::stalls:
      return "stalls";
    case Trouble::cut:
      return "cut";
    case Trouble::deaf:
      return "deaf";
    case Trouble::dies:
      return "dies";
    case Trouble::repeats:
      return "repeats";
    case Trouble::swaps:
      return "swaps";
  }
  return "";
}

}  // namespace polder
