#include "net/dialler.h"

#include <poll.h>

#include <algorithm>

#include "net/tls_transport.h"

namespace polder {
namespace {

// Waits for input on a line that no pump serves yet.
void wait_readable(const Transport& line, Clock::time_point until, Patience& patience) {
  const int events = POLLIN | (line.has_output() ? POLLOUT : 0);
  std::array<pollfd, 2> polled{{{line.socket().descriptor(), static_cast<short>(events), 0},
                                {patience.wake_descriptor(), POLLIN, 0}}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  poll(polled.data(), polled.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
  patience.check_cancelled();
}

}  // namespace

std::unique_ptr<Transport> Dialler::take(const SessionId& session, Patience& patience,
                                         NoteKind purpose) {
  const Note bind{purpose, session};
  while (auto line = take_idle()) {
    if (send_note(*line, options_.ends, bind)) return line;
  }
  auto line = dial(patience);
  if (!send_note(*line, options_.ends, bind)) {
    fail(Code::peer_lost, "the line to {} broke as it was taken ({})", options_.ends.shown(),
         line->why_ended());
  }
  return line;
}

std::unique_ptr<Transport> Dialler::take_idle() {
  const std::lock_guard lock(mutex_);
  for (auto each = idle_.begin(); each != idle_.end();) {
    const State state = state_of(*each);
    if (state == State::busy) {
      ++each;
      continue;
    }
    std::unique_ptr<Transport> line = std::move(each->line);
    each = idle_.erase(each);
    if (state == State::ready) return line;
  }
  return nullptr;
}

// Busy: the acceptor has not left its last session yet.
Dialler::State Dialler::state_of(Idle& idle) const try {
  if (!idle.welcomed) {
    const auto note = idle.reader.read(*idle.line, options_.ends, NoteKind::welcome);
    if (!note) return State::busy;
    idle.welcomed = true;
  }
  std::array<std::uint8_t, 1> more;
  const auto moved = idle.line->peek(more);
  return moved.ended || moved.bytes > 0 ? State::dead : State::ready;
} catch (const Error&) {
  return State::dead;
}

void Dialler::give_back(std::unique_ptr<Transport> line) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < options_.most_idle) idle_.push_back({.line = std::move(line), .reader = {}});
}

void Dialler::warm(Patience& patience) {
  auto line = take_idle();
  if (!line) line = dial(patience);
  const std::lock_guard lock(mutex_);
  idle_.push_back({.line = std::move(line), .reader = {}, .welcomed = true});
}

std::size_t Dialler::idle() const {
  const std::lock_guard lock(mutex_);
  return idle_.size();
}

std::optional<std::chrono::microseconds> Dialler::round_trip() const {
  const std::lock_guard lock(mutex_);
  std::optional<std::chrono::microseconds> least;
  for (const Idle& idle : idle_) {
    const auto seen = polder::round_trip(idle.line->socket());
    if (seen && (!least || *seen < *least)) least = seen;
  }
  return least;
}

std::unique_ptr<Transport> Dialler::dial(Patience& patience) const {
  const auto until = std::min(Clock::now() + options_.limit, patience.give_up(Clock::now()));
  Socket socket = connect_to(options_.address, options_.limit, patience);
  auto line = TlsTransport::dial(options_.tls, std::move(socket), options_.ends.peer);
  const std::array lines{line.get()};
  shake_hands(lines, options_.limit, patience);
  send_note(*line, options_.ends, {NoteKind::hello, options_.network});
  try {
    await_welcome(*line, until, patience);
  } catch (const Error& error) {
    if (!line->refused()) throw;
    fail(Code::forbidden, "{}", error.what());
  }
  return line;
}

void Dialler::await_welcome(Transport& line, Clock::time_point until, Patience& patience) const {
  NoteReader reader;
  while (true) {
    line.push();
    if (const auto note = reader.read(line, options_.ends, NoteKind::welcome)) {
      return check_network(options_.network, *note, options_.ends);
    }
    if (Clock::now() >= until) {
      fail(Code::timed_out, "{} did not answer within {} ms", options_.ends.shown(),
           options_.limit.count());
    }
    wait_readable(line, until, patience);
  }
}

}  // namespace polder
