#include "net/listener.h"

#include <poll.h>

#include <algorithm>

#include "net/tls_transport.h"

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
                                          milliseconds limit, Patience& patience) {
  const Place place{session, dialler};
  const auto since = Clock::now();
  Waiter waiter;
  {
    const std::lock_guard lock(mutex_);
    if (auto line = take_bound(place)) return line;
    require(waiting_.emplace(place, &waiter).second, "two waits for the line of one session");
  }
  std::array<pollfd, 2> polled{
      {{waiter.wake.descriptor(), POLLIN, 0}, {patience.wake_descriptor(), POLLIN, 0}}};
  poll(polled.data(), polled.size(),
       milliseconds_until(std::min(since + limit, patience.give_up(since))));
  {
    const std::lock_guard lock(mutex_);
    waiting_.erase(place);
  }
  if (waiter.line) return std::move(waiter.line);
  const std::string peer = ends_with(dialler).shown();
  patience.check(since, peer);
  fail(Code::peer_lost, "{} did not join the session within {} ms; see whether it is up", peer,
       limit.count());
}

std::unique_ptr<Transport> Listener::take_bound(const Place& place) {
  const auto found = std::ranges::find_if(lines_, [&](const Line& line) {
    return line.stage == Stage::bound && place == Place{line.session, line.ends->peer};
  });
  if (found == lines_.end()) return nullptr;
  auto transport = std::move(found->transport);
  lines_.erase(found);
  return transport;
}

const Ends& Listener::ends_with(std::uint8_t peer) const {
  const auto found = std::ranges::find(options_.ends, peer, &Ends::peer);
  require(found != options_.ends.end(), "a line of a node that may not dial");
  return *found;
}

Listener::Call Listener::next_call(Patience& patience) {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      call_.clear();
      if (auto call = take_call()) return std::move(*call);
    }
    std::array<pollfd, 2> polled{
        {{call_.descriptor(), POLLIN, 0}, {patience.wake_descriptor(), POLLIN, 0}}};
    poll(polled.data(), polled.size(), -1);
    patience.check_cancelled();
  }
}

std::optional<Listener::Call> Listener::take_call() {
  const auto found = std::ranges::find(lines_, Stage::calling, &Line::stage);
  if (found == lines_.end()) return {};
  Call call{found->ends->peer, found->session, std::move(found->transport)};
  lines_.erase(found);
  return call;
}

void Listener::give_back(std::unique_ptr<Transport> line, std::uint8_t peer) {
  {
    const std::lock_guard lock(mutex_);
    lines_.push_back({.transport = std::move(line),
                      .stage = Stage::idle,
                      .until = never,
                      .ends = &ends_with(peer)});
    welcome(lines_.back());
  }
  wake_.signal();
}

std::size_t Listener::idle() const {
  const std::lock_guard lock(mutex_);
  const auto count = std::ranges::count(lines_, Stage::idle, &Line::stage);
  return static_cast<std::size_t>(count);
}

void Listener::run() {
  while (true) {
    sleep();
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    accept_all();
    drop_oldest_bound();
    for (Line& line : lines_) advance(line);
    std::erase_if(lines_, [](const Line& line) { return line.stage == Stage::gone; });
  }
}

// Lines may come and go meanwhile; the next round looks at each of them anyway.
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
    for (const Line& line : lines_) {
      until = std::min(until, line.until);
      if (line.stage == Stage::calling) continue;
      const bool bound = line.stage == Stage::bound;  // what comes is for the session
      const int events = bound ? POLLRDHUP : POLLIN | (line.transport->has_output() ? POLLOUT : 0);
      if (bound && line.hung_up) continue;
      polled.push_back({line.transport->socket().descriptor(), static_cast<short>(events), 0});
    }
  }
  poll(polled.data(), polled.size(), milliseconds_until(until));
  wake_.clear();
}

void Listener::accept_all() {
  constexpr int most_at_once = 16;
  if (accept_from_ > Clock::now()) return;
  for (int i = 0; i < most_at_once; ++i) {
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
  lines_.push_back({.transport = std::move(transport),
                    .tls = tls,
                    .stage = Stage::handshake,
                    .until = Clock::now() + options_.greeting_limit});
} catch (const std::exception& error) {
  if (options_.on_refusal) options_.on_refusal(Error(Code::busy, error.what()));
}

// Who is silent holds no place that somebody else needs: an honest greeting takes milliseconds.
void Listener::drop_oldest_greeting() {
  const auto greeting = [](const Line& line) {
    return line.stage == Stage::handshake || line.stage == Stage::hello;
  };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(lines_, greeting));
  if (count < options_.most_greetings) return;
  const auto oldest = std::ranges::find_if(lines_, greeting);  // they stand in order of arrival
  refuse(*oldest, Error(Code::busy, "too many connections that do not greet"));
  lines_.erase(oldest);
}

// A session that nobody claims here must not keep others out.
void Listener::drop_oldest_bound() {
  const auto bound = [](const Line& line) { return line.stage == Stage::bound; };
  while (static_cast<std::size_t>(std::ranges::count_if(lines_, bound)) > options_.most_bound) {
    const auto oldest = std::ranges::min_element(
        lines_, {}, [&](const Line& line) { return bound(line) ? line.until : never; });
    refuse(*oldest, Error(Code::busy, "too many sessions that this node was not asked for"));
    lines_.erase(oldest);
  }
}

/// What its dialler said before it hung up, the session still reads.
void Listener::look_at_bound(Line& line) {
  pollfd polled{line.transport->socket().descriptor(), POLLRDHUP, 0};
  line.hung_up = poll(&polled, 1, 0) > 0;
  std::array<std::uint8_t, 1> any;
  if (line.hung_up && line.transport->peek(any).bytes == 0) line.stage = Stage::gone;
}

void Listener::advance(Line& line) try {
  advance_stage(line);
  if (line.until > Clock::now()) return;
  fail(Code::timed_out, "{}",
       line.ends != nullptr && line.stage != Stage::hello
           ? "this node did not start the session in time"
           : "a caller did not greet in time");
} catch (const Error& error) {
  refuse(line, error);
} catch (const std::exception& error) {
  refuse(line, Error(Code::busy, error.what()));
}

void Listener::advance_stage(Line& line) {
  if (line.transport->has_output() && line.transport->push().ended) {
    fail(Code::peer_lost, "{}", line.transport->why_ended());
  }
  if (line.stage == Stage::handshake) shake_hands(line);
  if (line.stage == Stage::hello) greet(line);
  if (line.stage == Stage::idle) bind_or_call(line);
  if (line.stage == Stage::bound && !line.hung_up) look_at_bound(line);
}

void Listener::shake_hands(Line& line) {
  if (!line.tls->shake_hands()) return;
  const auto ends = std::ranges::find(options_.ends, line.tls->peer_role(), &Ends::peer);
  if (ends == options_.ends.end()) {
    fail(Code::forbidden, "{} dialled, which this node dials itself",
         options_.tls.shown(line.tls->peer_role()));
  }
  line.ends = &*ends;
  line.tls = nullptr;
  line.stage = Stage::hello;
}

void Listener::greet(Line& line) {
  const auto note = line.reader.read(*line.transport, *line.ends, NoteKind::hello);
  if (!note) return;
  check_network(options_.network, *note, *line.ends);
  line.stage = Stage::idle;
  line.until = never;
  welcome(line);
}

void Listener::welcome(Line& line) {
  const bool room = lines_.size() <= options_.most_lines + options_.most_greetings;
  const bool sent =
      room && send_note(*line.transport, *line.ends, {NoteKind::welcome, options_.network});
  if (!sent) line.stage = Stage::gone;
}

void Listener::bind_or_call(Line& line) {
  const auto note = line.reader.read(*line.transport, *line.ends);
  if (!note) return;
  line.session = note->id;
  line.until = Clock::now() + options_.claim_limit;
  if (note->kind == NoteKind::ask && options_.answers_calls) {
    line.stage = Stage::calling;
    call_.signal();
    return;
  }
  check_kind(*note, NoteKind::bind, *line.ends);
  bind(line);
}

void Listener::bind(Line& line) {
  const Place place{line.session, line.ends->peer};
  const bool twice = std::ranges::any_of(lines_, [&](const Line& other) {
    return other.stage == Stage::bound && place == Place{other.session, other.ends->peer};
  });
  if (twice) fail(Code::cheating, "{} bound two lines to one session", line.ends->shown());
  line.stage = Stage::bound;
  const auto waiting = waiting_.find(place);
  if (waiting == waiting_.end() || waiting->second->line) return;
  waiting->second->line = std::move(line.transport);
  waiting->second->wake.signal();
  line.stage = Stage::gone;
  line.until = never;
}

void Listener::refuse(Line& line, const Error& error) {
  const bool merely_closed = line.stage == Stage::idle && error.code() == Code::peer_lost;
  const bool greeting = line.stage == Stage::handshake;
  const bool bound = line.stage == Stage::bound;
  line.stage = Stage::gone;
  if (merely_closed) return;
  if (line.ends != nullptr && !greeting) {
    Binding binding = unbound(*line.ends);
    if (bound) binding.session = line.session;
    send_refusal(*line.transport, binding, error.code(), error.what());
  }
  end_softly(line.transport->socket());
  if (options_.on_refusal) options_.on_refusal(error);
}

}  // namespace polder
