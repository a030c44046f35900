#include "net/links/links.h"

#include "crypto/random.h"

namespace polder {
namespace {

Ends ends(int self, int peer) {
  return {static_cast<std::uint8_t>(self), static_cast<std::uint8_t>(peer), {}};
}

Binding binding(const SessionId& session, int self, int peer) {
  return {session, static_cast<std::uint8_t>(self), static_cast<std::uint8_t>(peer), {}};
}

// A node that cannot take part tells the one that already counts on it.
std::unique_ptr<Transport> take_or_tell(Listener& listener, const SessionId& session,
                                        std::uint8_t prev, std::chrono::milliseconds limit,
                                        CancellationToken& cancellation, Channel& next) try {
  return listener.take(session, prev, limit, cancellation);
} catch (const Error& error) {
  next.abort(error.code(), error.what());
  throw;
}

}  // namespace

Links::Links(Options options)
    : role_(options.role),
      join_limit_(options.join_limit),
      dialler_({.ends = ends(role_, next_role(role_)),
                .network = options.network,
                .address = options.next,
                .tls = options.tls,
                .limit = options.dial_limit}),
      listener_(std::move(options.listener), {.ends = {ends(role_, prev_role(role_))},
                                              .network = options.network,
                                              .tls = options.tls,
                                              .answers_calls = true,
                                              .on_refusal = std::move(options.on_refusal)}) {}

void Links::call_next(CancellationToken& cancellation, const std::function<void(Channel&)>& talk) {
  SessionId id;
  random_bytes(id);
  Pump pump(cancellation);
  SocketChannel channel(dialler_.take(id, cancellation, HandshakeKind::ask),
                        binding(id, role_, next_role(role_)), pump);
  talk(channel);
  channel.flush();
  if (auto connection = channel.release()) dialler_.give_back(std::move(connection));
}

void Links::answer_call(CancellationToken& cancellation,
                        const std::function<void(Channel&)>& talk) {
  Listener::Call call = listener_.next_call(cancellation);
  Pump pump(cancellation);
  SocketChannel channel(std::move(call.connection), binding(call.session, role_, call.peer), pump);
  talk(channel);
  channel.flush();
  if (auto connection = channel.release()) listener_.give_back(std::move(connection), call.peer);
}

// Dials before it waits: three nodes that start together each wait for one that has dialled.
SessionConnections::SessionConnections(Links& links, const SessionId& session,
                                       CancellationToken& cancellation)
    : links_(links),
      pump_(cancellation),
      next_(links.dialler_.take(session, cancellation),
            binding(session, links.role_, next_role(links.role_)), pump_),
      prev_(take_or_tell(links.listener_, session, ends(links.role_, prev_role(links.role_)).peer,
                         links.join_limit_, cancellation, next_),
            binding(session, links.role_, prev_role(links.role_)), pump_),
      mesh_(links.role_, next_, prev_) {}

void SessionConnections::finish() {
  mesh_.flush();
  if (auto connection = next_.release()) links_.dialler_.give_back(std::move(connection));
  if (auto connection = prev_.release()) {
    links_.listener_.give_back(std::move(connection),
                               ends(links_.role_, prev_role(links_.role_)).peer);
  }
}

}  // namespace polder
