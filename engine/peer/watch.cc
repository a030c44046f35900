#include "peer/watch.h"

#include <poll.h>

#include <algorithm>

#include "base/error.h"

namespace polder {

Watch::Watch(Options options) : options_(std::move(options)), thread_([this] { run(); }) {}

Watch::~Watch() { stop(); }

void Watch::add(std::unique_ptr<Transport> connection, const Ends& ends) {
  {
    const std::lock_guard lock(mutex_);
    connections_.push_back({.transport = std::move(connection), .ends = ends});
    if (told_) tell(connections_.back());
  }
  wake_.signal();
}

std::optional<Error> Watch::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

// Whoever ends a session says why on this connection before it closes the session's own
// connections: a thread that finds one of those closed finds the reason here, if there is one.
Error Watch::cause(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (told_) return *told_;  // what the others say since then is its echo
  if (error.code() != Code::cancelled && error.code() != Code::peer_lost) return error;
  look_at_all();
  return error_.value_or(error);
}

void Watch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.signal();
  if (thread_.joinable()) thread_.join();
}

void Watch::end() {
  stop();
  say(HandshakeKind::over);
  for (const Connection& connection : connections_) end_softly(connection.transport->socket());
}

void Watch::tell(Code code, std::string_view why) {
  stop();
  say_why(Error(code, std::string(why)));
}

void Watch::say_why(const Error& error) {
  if (told_) return;
  told_ = error;
  for (const Connection& connection : connections_) tell(connection);
}

void Watch::tell(const Connection& connection) const {
  send_refusal(*connection.transport, unbound(connection.ends), told_->code(), told_->what());
  end_softly(connection.transport->socket());
}

void Watch::run() {
  auto next_beat = Clock::now();
  while (true) {
    sleep();
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (!error_) look_at_all();
    if (Clock::now() >= next_beat) {
      say(HandshakeKind::beat);
      next_beat = Clock::now() + options_.beat;
    }
    if (!error_ && !options_.caller.cancelled()) continue;
    say_why(error_.value_or(Error(Code::cancelled, "the session was cancelled")));
    // The others know; the session's thread may compute for long before it notices.
    for (CancellationToken* wait : options_.session_waits) wait->cancel();
    return;
  }
}

void Watch::sleep() {
  std::vector<pollfd> polled{{wake_.descriptor(), POLLIN, 0},
                             {options_.caller.event_descriptor(), POLLIN, 0}};
  {
    const std::lock_guard lock(mutex_);
    for (const Connection& connection : connections_) {
      if (connection.over) continue;
      const int events = POLLIN | (connection.transport->has_output() ? POLLOUT : 0);
      polled.push_back(
          {connection.transport->socket().descriptor(), static_cast<short>(events), 0});
    }
  }
  poll(polled.data(), polled.size(), static_cast<int>(options_.beat.count()));
  wake_.clear();
}

void Watch::look_at_all() try {
  for (Connection& connection : connections_) look(connection);
} catch (const Error& error) {
  error_ = error;
}

void Watch::look(Connection& connection) {
  if (connection.over) return;
  if (connection.transport->has_output()) connection.transport->push();
  while (const auto message = connection.reader.read(*connection.transport, connection.ends)) {
    if (message->id != options_.session) {
      fail(Code::cheating, "{} speaks of another session", connection.ends.shown());
    }
    connection.heard = Clock::now();
    if (message->kind == HandshakeKind::over) {
      connection.over = true;
      return;
    }
    check_kind(*message, HandshakeKind::beat, connection.ends);
  }
  if (Clock::now() < connection.heard + options_.silence) return;
  fail(Code::timed_out,
       "{} gave no sign of life for {} ms; see whether it is up and can be reached",
       connection.ends.shown(), options_.silence.count());
}

// A connection that does not take it is full or broken; its silence tells.
void Watch::say(HandshakeKind kind) {
  for (const Connection& connection : connections_) {
    if (!connection.over)
      send_handshake(*connection.transport, connection.ends, {kind, options_.session});
  }
}

}  // namespace polder
