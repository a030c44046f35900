#include "net/links/dialler.h"

#include <poll.h>

#include <algorithm>

#include "net/tls/tls_transport.h"

namespace polder {
namespace {

// Waits for input on a connection that no pump serves yet.
void wait_readable(const Transport& connection, Clock::time_point until,
                   CancellationToken& cancellation) {
  const int events = POLLIN | (connection.has_output() ? POLLOUT : 0);
  std::array<pollfd, 2> polled{{{connection.socket().descriptor(), static_cast<short>(events), 0},
                                {cancellation.event_descriptor(), POLLIN, 0}}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  poll(polled.data(), polled.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
  cancellation.check_cancelled();
}

}  // namespace

std::unique_ptr<Transport> Dialler::take(const SessionId& session, CancellationToken& cancellation,
                                         HandshakeKind purpose) {
  const HandshakeMessage bind{purpose, session};
  while (auto connection = take_idle()) {
    if (send_handshake(*connection, options_.ends, bind)) return connection;
  }
  auto connection = dial(cancellation);
  if (!send_handshake(*connection, options_.ends, bind)) {
    fail(Code::peer_lost, "the connection to {} broke as it was taken ({})", options_.ends.shown(),
         connection->why_ended());
  }
  return connection;
}

std::unique_ptr<Transport> Dialler::take_idle() {
  const std::lock_guard lock(mutex_);
  for (auto each = idle_.begin(); each != idle_.end();) {
    const State state = state_of(*each);
    if (state == State::busy) {
      ++each;
      continue;
    }
    std::unique_ptr<Transport> connection = std::move(each->connection);
    each = idle_.erase(each);
    if (state == State::ready) return connection;
  }
  return nullptr;
}

// Busy: the acceptor has not left its last session yet.
Dialler::State Dialler::state_of(Idle& idle) const try {
  if (!idle.welcomed) {
    const auto message = idle.reader.read(*idle.connection, options_.ends, HandshakeKind::welcome);
    if (!message) return State::busy;
    idle.welcomed = true;
  }
  std::array<std::uint8_t, 1> more;
  const auto moved = idle.connection->peek(more);
  return moved.ended || moved.bytes > 0 ? State::dead : State::ready;
} catch (const Error&) {
  return State::dead;
}

void Dialler::give_back(std::unique_ptr<Transport> connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < options_.max_idle)
    idle_.push_back({.connection = std::move(connection), .reader = {}});
}

void Dialler::warm(CancellationToken& cancellation) {
  auto connection = take_idle();
  if (!connection) connection = dial(cancellation);
  const std::lock_guard lock(mutex_);
  idle_.push_back({.connection = std::move(connection), .reader = {}, .welcomed = true});
}

std::size_t Dialler::idle() const {
  const std::lock_guard lock(mutex_);
  return idle_.size();
}

std::optional<std::chrono::microseconds> Dialler::round_trip() const {
  const std::lock_guard lock(mutex_);
  std::optional<std::chrono::microseconds> least;
  for (const Idle& idle : idle_) {
    const auto seen = polder::round_trip(idle.connection->socket());
    if (seen && (!least || *seen < *least)) least = seen;
  }
  return least;
}

std::unique_ptr<Transport> Dialler::dial(CancellationToken& cancellation) const {
  const auto until = std::min(Clock::now() + options_.limit, cancellation.give_up(Clock::now()));
  Socket socket = connect_to(options_.address, options_.limit, cancellation);
  auto connection = TlsTransport::dial(options_.tls, std::move(socket), options_.ends.peer);
  const std::array connections{connection.get()};
  shake_hands(connections, options_.limit, cancellation);
  send_handshake(*connection, options_.ends, {HandshakeKind::hello, options_.network});
  try {
    await_welcome(*connection, until, cancellation);
  } catch (const Error& error) {
    if (!connection->refused()) throw;
    fail(Code::forbidden, "{}", error.what());
  }
  return connection;
}

void Dialler::await_welcome(Transport& connection, Clock::time_point until,
                            CancellationToken& cancellation) const {
  HandshakeReader reader;
  while (true) {
    connection.push();
    if (const auto message = reader.read(connection, options_.ends, HandshakeKind::welcome)) {
      return check_network(options_.network, *message, options_.ends);
    }
    if (Clock::now() >= until) {
      fail(Code::timed_out, "{} did not answer within {} ms", options_.ends.shown(),
           options_.limit.count());
    }
    wait_readable(connection, until, cancellation);
  }
}

}  // namespace polder
