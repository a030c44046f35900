// What keeps a session's banks from waiting for one that is gone. The requester has a second
// connection to each bank on which both ends say every second that they live, from a thread of its
// own, whatever the session's thread computes; a connection that breaks or falls silent ends the
// session.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "net/links/handshake_message.h"
#include "net/transport.h"

namespace polder {

/// How long a bank may say nothing before it counts as lost.
inline constexpr std::chrono::seconds bank_silence{8};

class Watch {
 public:
  struct Options {
    SessionId session;
    CancellationToken& caller;                      // cancelled: the session is, too
    std::vector<CancellationToken*> session_waits;  // cancelled when the session has to end
    std::chrono::milliseconds beat = std::chrono::seconds(1);
    std::chrono::milliseconds silence = bank_silence;
  };
  explicit Watch(Options options);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  /// Closes the connections; without `end` or `tell` before, the others see a bank that died.
  ~Watch();

  /// A connection added after the others were told why the session ends is told so, too, and
  /// closed.
  void add(std::unique_ptr<Transport> connection, const Ends& ends);

  /// Why the watch ended the session, if it did: peer_lost, timed_out, peer_aborted, cheating, each
  /// naming the bank.
  std::optional<Error> error() const;

  /// What lies behind an error that the session's thread met: what the watch told the others, if it
  /// did; where that thread only knows that it was stopped, or that a connection broke, what the
  /// watch was told.
  Error cause(const Error& error);

  /// This bank's part ended well: from now on the others do not miss it.
  void end();
  /// Tells the others why it did not.
  void tell(Code code, std::string_view why);

 private:
  struct Connection {
    std::unique_ptr<Transport> transport;
    Ends ends;
    HandshakeReader reader = {};
    Clock::time_point heard = Clock::now();
    bool over = false;  // it ended well at the other end
  };

  void run();
  void sleep();
  void look_at_all();
  void look(Connection& connection);
  void say(HandshakeKind kind);
  void say_why(const Error& error);
  void tell(const Connection& connection) const;
  void stop();

  const Options options_;
  EventFd wake_;
  mutable std::mutex mutex_;
  std::vector<Connection> connections_;
  std::optional<Error> error_;
  bool stopping_ = false;
  std::optional<Error> told_;  // to the others: why the session ends badly
  std::jthread thread_;
};

}  // namespace polder
