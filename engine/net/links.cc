#include "net/links.h"

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
                                        Patience& patience, Channel& next) try {
  return listener.take(session, prev, limit, patience);
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

void Links::call_next(Patience& patience, const std::function<void(Channel&)>& talk) {
  SessionId id;
  random_bytes(id);
  Pump pump(patience);
  SocketChannel channel(dialler_.take(id, patience, NoteKind::ask),
                        binding(id, role_, next_role(role_)), pump);
  talk(channel);
  channel.flush();
  if (auto line = channel.release()) dialler_.give_back(std::move(line));
}

void Links::answer_call(Patience& patience, const std::function<void(Channel&)>& talk) {
  Listener::Call call = listener_.next_call(patience);
  Pump pump(patience);
  SocketChannel channel(std::move(call.line), binding(call.session, role_, call.peer), pump);
  talk(channel);
  channel.flush();
  if (auto line = channel.release()) listener_.give_back(std::move(line), call.peer);
}

// Dials before it waits: three nodes that start together each wait for one that has dialled.
SessionLines::SessionLines(Links& links, const SessionId& session, Patience& patience)
    : links_(links),
      pump_(patience),
      next_(links.dialler_.take(session, patience),
            binding(session, links.role_, next_role(links.role_)), pump_),
      prev_(take_or_tell(links.listener_, session, ends(links.role_, prev_role(links.role_)).peer,
                         links.join_limit_, patience, next_),
            binding(session, links.role_, prev_role(links.role_)), pump_),
      mesh_(links.role_, next_, prev_) {}

void SessionLines::finish() {
  mesh_.flush();
  if (auto line = next_.release()) links_.dialler_.give_back(std::move(line));
  if (auto line = prev_.release()) {
    links_.listener_.give_back(std::move(line), ends(links_.role_, prev_role(links_.role_)).peer);
  }
}

}  // namespace polder
