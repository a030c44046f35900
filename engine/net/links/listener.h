// The accepting end of a node's connections. A thread of its own shakes hands with whoever
// connects, keeps the connections of the nodes that may dial, and hands each to the session that
// its dialler binds it to, or, if its dialler asks for a session, to whoever answers calls.
// Strangers cost little: a handshake has a time limit, and when too many are open the oldest goes.
// So it is with connections that were bound to a session which nobody here asks for, and those
// whose dialler hung up go at once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "net/links/handshake_message.h"
#include "net/tls/tls.h"

namespace polder {

class TlsTransport;

/// Thread-safe.
class Listener {
 public:
  struct Options {
    std::vector<Ends> ends;  // this node and each that may dial
    NetworkId network;
    const TlsContext& tls;
    std::chrono::milliseconds greeting_limit = std::chrono::seconds(5);
    std::chrono::milliseconds claim_limit = std::chrono::seconds(30);  // of a bound connection
    std::size_t max_greetings = 64;
    std::size_t max_connections = 256;                  // idle
    std::size_t max_bound = 128;                        // and not yet claimed
    bool answers_calls = false;                         // else a caller may only bind
    std::function<void(const Error&)> on_refusal = {};  // on its thread; must not call back
  };

  /// Starts to accept on `socket` (see listen_on).
  Listener(Socket socket, Options options);
  ~Listener();

  /// The connection that `peer` bound to `session`.  Throws Error peer_lost if none came within
  /// `limit`; timed_out, cancelled.
  std::unique_ptr<Transport> take(const SessionId& session, std::uint8_t peer,
                                  std::chrono::milliseconds limit, CancellationToken& cancellation);

  /// After a session with `peer` that ended cleanly.
  void give_back(std::unique_ptr<Transport> connection, std::uint8_t peer);

  struct Call {
    std::uint8_t peer;
    SessionId session;  // that it asks for
    std::unique_ptr<Transport> connection;
  };
  /// Waits for the next call, for one thread.  Throws Error cancelled.
  Call next_call(CancellationToken& cancellation);

  std::size_t idle() const;

 private:
  enum class Stage { handshake, hello, idle, bound, calling, gone };
  struct Connection {
    std::unique_ptr<Transport> transport;
    TlsTransport* tls = nullptr;  // the same, while the handshake lasts
    Stage stage;
    Clock::time_point until;     // when the stage must be over
    const Ends* ends = nullptr;  // once the handshake is over
    HandshakeReader reader = {};
    SessionId session = {};  // once bound or calling
    bool hung_up = false;    // its dialler, after the last thing that is there to read
  };
  using Place = std::pair<SessionId, std::uint8_t>;  // of a connection: its session and dialler
  struct Waiter {
    EventFd wake;
    std::unique_ptr<Transport> connection;
  };

  void run();
  void sleep();
  void accept_all();
  void begin_handshake(Socket socket);
  void drop_oldest_greeting();
  void drop_oldest_bound();
  void look_at_bound(Connection& connection);
  void advance(Connection& connection);
  void advance_stage(Connection& connection);
  void shake_hands(Connection& connection);
  void greet(Connection& connection);
  void welcome(Connection& connection);
  void bind_or_call(Connection& connection);
  void bind(Connection& connection);
  void refuse(Connection& connection, const Error& error);
  std::unique_ptr<Transport> take_bound(const Place& place);
  std::optional<Call> take_call();
  const Ends& ends_with(std::uint8_t peer) const;

  const Options options_;
  const Socket socket_;
  EventFd wake_;
  mutable std::mutex mutex_;
  bool stopping_ = false;
  std::vector<Connection> connections_;
  std::map<Place, Waiter*> waiting_;
  EventFd call_;
  Clock::time_point accept_from_ = {};  // later, when descriptors ran out
  std::jthread thread_;
};

}  // namespace polder
