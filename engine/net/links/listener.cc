#include "net/links/listener.h"

#include <poll.h>

#include <algorithm>

#include "net/tls/tls_transport.h"

namespace polder {
namespace {

using std::chrono::milliseconds;

constexpr auto never = Clock::time_point::max();

int milliseconds_until(Clock::time_point until) {
  if (until == never) return -1;
  const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

}  // namespace

Listener::Listener(Socket socket, Options options)
    : options_(std::move(options)), socket_(std::move(socket)), thread_([this] { run(); }) {}

Listener::~Listener() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.signal();
  thread_.join();
}

std::unique_ptr<Transport> Listener::take(const SessionId& session, std::uint8_t dialler,
                                          milliseconds limit, CancellationToken& cancellation) {
  const Place place{session, dialler};
  const auto since = Clock::now();
  Waiter waiter;
  {
    const std::lock_guard lock(mutex_);
    if (auto connection = take_bound(place)) return connection;
    require(waiting_.emplace(place, &waiter).second, "two waits for the connection of one session");
  }
  std::array<pollfd, 2> polled{
      {{waiter.wake.descriptor(), POLLIN, 0}, {cancellation.event_descriptor(), POLLIN, 0}}};
  poll(polled.data(), polled.size(),
       milliseconds_until(std::min(since + limit, cancellation.give_up(since))));
  {
    const std::lock_guard lock(mutex_);
    waiting_.erase(place);
  }
  if (waiter.connection) return std::move(waiter.connection);
  const std::string peer = ends_with(dialler).shown();
  cancellation.check(since, peer);
  fail(Code::peer_lost, "{} did not join the session within {} ms; see whether it is up", peer,
       limit.count());
}

std::unique_ptr<Transport> Listener::take_bound(const Place& place) {
  const auto found = std::ranges::find_if(connections_, [&](const Connection& connection) {
    return connection.stage == Stage::bound &&
           place == Place{connection.session, connection.ends->peer};
  });
  if (found == connections_.end()) return nullptr;
  auto transport = std::move(found->transport);
  connections_.erase(found);
  return transport;
}

const Ends& Listener::ends_with(std::uint8_t peer) const {
  const auto found = std::ranges::find(options_.ends, peer, &Ends::peer);
  require(found != options_.ends.end(), "a connection of a node that may not dial");
  return *found;
}

Listener::Call Listener::next_call(CancellationToken& cancellation) {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      call_.clear();
      if (auto call = take_call()) return std::move(*call);
    }
    std::array<pollfd, 2> polled{
        {{call_.descriptor(), POLLIN, 0}, {cancellation.event_descriptor(), POLLIN, 0}}};
    poll(polled.data(), polled.size(), -1);
    cancellation.check_cancelled();
  }
}

std::optional<Listener::Call> Listener::take_call() {
  const auto found = std::ranges::find(connections_, Stage::calling, &Connection::stage);
  if (found == connections_.end()) return {};
  Call call{found->ends->peer, found->session, std::move(found->transport)};
  connections_.erase(found);
  return call;
}

void Listener::give_back(std::unique_ptr<Transport> connection, std::uint8_t peer) {
  {
    const std::lock_guard lock(mutex_);
    connections_.push_back({.transport = std::move(connection),
                            .stage = Stage::idle,
                            .until = never,
                            .ends = &ends_with(peer)});
    welcome(connections_.back());
  }
  wake_.signal();
}

std::size_t Listener::idle() const {
  const std::lock_guard lock(mutex_);
  const auto count = std::ranges::count(connections_, Stage::idle, &Connection::stage);
  return static_cast<std::size_t>(count);
}

void Listener::run() {
  while (true) {
    sleep();
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    accept_all();
    drop_oldest_bound();
    for (Connection& connection : connections_) advance(connection);
    std::erase_if(connections_,
                  [](const Connection& connection) { return connection.stage == Stage::gone; });
  }
}

// Connections may come and go meanwhile; the next round looks at each of them anyway.
void Listener::sleep() {
  std::vector<pollfd> polled{{wake_.descriptor(), POLLIN, 0}};
  auto until = never;
  {
    const std::lock_guard lock(mutex_);
    if (accept_from_ <= Clock::now()) {
      polled.push_back({socket_.descriptor(), POLLIN, 0});
    } else {
      until = accept_from_;
    }
    for (const Connection& connection : connections_) {
      until = std::min(until, connection.until);
      if (connection.stage == Stage::calling) continue;
      const bool bound = connection.stage == Stage::bound;  // what comes is for the session
      const int events =
          bound ? POLLRDHUP : POLLIN | (connection.transport->has_output() ? POLLOUT : 0);
      if (bound && connection.hung_up) continue;
      polled.push_back(
          {connection.transport->socket().descriptor(), static_cast<short>(events), 0});
    }
  }
  poll(polled.data(), polled.size(), milliseconds_until(until));
  wake_.clear();
}

void Listener::accept_all() {
  constexpr int max_at_once = 16;
  if (accept_from_ > Clock::now()) return;
  for (int i = 0; i < max_at_once; ++i) {
    Socket socket = accept_from(socket_);
    if (!socket) {
      // Out of descriptors poll would return at once again and again.
      if (errno == EMFILE || errno == ENFILE) accept_from_ = Clock::now() + milliseconds(100);
      return;
    }
    drop_oldest_greeting();
    begin_handshake(std::move(socket));
  }
}

void Listener::begin_handshake(Socket socket) try {
  auto transport = TlsTransport::accept(options_.tls, std::move(socket));
  TlsTransport* const tls = transport.get();
  connections_.push_back({.transport = std::move(transport),
                          .tls = tls,
                          .stage = Stage::handshake,
                          .until = Clock::now() + options_.greeting_limit});
} catch (const std::exception& error) {
  if (options_.on_refusal) options_.on_refusal(Error(Code::busy, error.what()));
}

// Who is silent holds no place that somebody else needs: an honest greeting takes milliseconds.
void Listener::drop_oldest_greeting() {
  const auto greeting = [](const Connection& connection) {
    return connection.stage == Stage::handshake || connection.stage == Stage::hello;
  };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(connections_, greeting));
  if (count < options_.max_greetings) return;
  const auto oldest =
      std::ranges::find_if(connections_, greeting);  // they stand in order of arrival
  refuse(*oldest, Error(Code::busy, "too many connections that do not greet"));
  connections_.erase(oldest);
}

// A session that nobody claims here must not keep others out.
void Listener::drop_oldest_bound() {
  const auto bound = [](const Connection& connection) { return connection.stage == Stage::bound; };
  while (static_cast<std::size_t>(std::ranges::count_if(connections_, bound)) >
         options_.max_bound) {
    const auto oldest = std::ranges::min_element(
        connections_, {},
        [&](const Connection& connection) { return bound(connection) ? connection.until : never; });
    refuse(*oldest, Error(Code::busy, "too many sessions that this node was not asked for"));
    connections_.erase(oldest);
  }
}

/// What its dialler said before it hung up, the session still reads.
void Listener::look_at_bound(Connection& connection) {
  pollfd polled{connection.transport->socket().descriptor(), POLLRDHUP, 0};
  connection.hung_up = poll(&polled, 1, 0) > 0;
  std::array<std::uint8_t, 1> any;
  if (connection.hung_up && connection.transport->peek(any).bytes == 0)
    connection.stage = Stage::gone;
}

void Listener::advance(Connection& connection) try {
  advance_stage(connection);
  if (connection.until > Clock::now()) return;
  fail(Code::timed_out, "{}",
       connection.ends != nullptr && connection.stage != Stage::hello
           ? "this node did not start the session in time"
           : "a caller did not greet in time");
} catch (const Error& error) {
  refuse(connection, error);
} catch (const std::exception& error) {
  refuse(connection, Error(Code::busy, error.what()));
}

void Listener::advance_stage(Connection& connection) {
  if (connection.transport->has_output() && connection.transport->push().ended) {
    fail(Code::peer_lost, "{}", connection.transport->why_ended());
  }
  if (connection.stage == Stage::handshake) shake_hands(connection);
  if (connection.stage == Stage::hello) greet(connection);
  if (connection.stage == Stage::idle) bind_or_call(connection);
  if (connection.stage == Stage::bound && !connection.hung_up) look_at_bound(connection);
}

void Listener::shake_hands(Connection& connection) {
  if (!connection.tls->shake_hands()) return;
  const auto ends = std::ranges::find(options_.ends, connection.tls->peer_role(), &Ends::peer);
  if (ends == options_.ends.end()) {
    fail(Code::forbidden, "{} dialled, which this node dials itself",
         options_.tls.shown(connection.tls->peer_role()));
  }
  connection.ends = &*ends;
  connection.tls = nullptr;
  connection.stage = Stage::hello;
}

void Listener::greet(Connection& connection) {
  const auto message =
      connection.reader.read(*connection.transport, *connection.ends, HandshakeKind::hello);
  if (!message) return;
  check_network(options_.network, *message, *connection.ends);
  connection.stage = Stage::idle;
  connection.until = never;
  welcome(connection);
}

void Listener::welcome(Connection& connection) {
  const bool room = connections_.size() <= options_.max_connections + options_.max_greetings;
  const bool sent = room && send_handshake(*connection.transport, *connection.ends,
                                           {HandshakeKind::welcome, options_.network});
  if (!sent) connection.stage = Stage::gone;
}

void Listener::bind_or_call(Connection& connection) {
  const auto message = connection.reader.read(*connection.transport, *connection.ends);
  if (!message) return;
  connection.session = message->id;
  connection.until = Clock::now() + options_.claim_limit;
  if (message->kind == HandshakeKind::ask && options_.answers_calls) {
    connection.stage = Stage::calling;
    call_.signal();
    return;
  }
  check_kind(*message, HandshakeKind::bind, *connection.ends);
  bind(connection);
}

void Listener::bind(Connection& connection) {
  const Place place{connection.session, connection.ends->peer};
  const bool twice = std::ranges::any_of(connections_, [&](const Connection& other) {
    return other.stage == Stage::bound && place == Place{other.session, other.ends->peer};
  });
  if (twice)
    fail(Code::cheating, "{} bound two connections to one session", connection.ends->shown());
  connection.stage = Stage::bound;
  const auto waiting = waiting_.find(place);
  if (waiting == waiting_.end() || waiting->second->connection) return;
  waiting->second->connection = std::move(connection.transport);
  waiting->second->wake.signal();
  connection.stage = Stage::gone;
  connection.until = never;
}

void Listener::refuse(Connection& connection, const Error& error) {
  const bool merely_closed = connection.stage == Stage::idle && error.code() == Code::peer_lost;
  const bool greeting = connection.stage == Stage::handshake;
  const bool bound = connection.stage == Stage::bound;
  connection.stage = Stage::gone;
  if (merely_closed) return;
  if (connection.ends != nullptr && !greeting) {
    Binding binding = unbound(*connection.ends);
    if (bound) binding.session = connection.session;
    send_refusal(*connection.transport, binding, error.code(), error.what());
  }
  end_softly(connection.transport->socket());
  if (options_.on_refusal) options_.on_refusal(error);
}

}  // namespace polder
