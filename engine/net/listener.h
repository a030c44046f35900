// The accepting end of a node's lines: those from the previous node. A thread of its own shakes
// hands with whoever connects, keeps the lines of the previous node, and hands each to the session
// that its dialler binds it to. Strangers cost little: a handshake has a time limit, and when too
// many are open the oldest goes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "net/note.h"
#include "net/tls.h"

namespace polder {

class TlsTransport;

/// Thread-safe.
class Listener {
 public:
  struct Options {
    Ends ends;  // this node and the previous
    NetworkId network;
    const TlsContext& tls;
    std::chrono::milliseconds greeting_limit = std::chrono::seconds(5);
    std::chrono::milliseconds claim_limit = std::chrono::seconds(30);  // of a bound line
    std::size_t most_greetings = 64;
    std::size_t most_lines = 256;                       // idle or bound
    std::function<void(const Error&)> on_refusal = {};  // on its thread; must not call back
  };

  /// Starts to accept on `socket` (see listen_on).
  Listener(Socket socket, Options options);
  ~Listener();

  /// The line that the previous node bound to `session`.  Throws Error peer_lost if none came
  /// within `limit`; timed_out, cancelled.
  std::unique_ptr<Transport> take(const SessionId& session, std::chrono::milliseconds limit,
                                  Patience& patience);

  /// After a session that ended cleanly.
  void give_back(std::unique_ptr<Transport> line);

  std::size_t idle() const;

 private:
  enum class Stage { handshake, hello, idle, bound, gone };
  struct Line {
    std::unique_ptr<Transport> transport;
    TlsTransport* tls = nullptr;  // the same, while the handshake lasts
    Stage stage;
    Clock::time_point until;  // when the stage must be over
    NoteReader reader = {};
    SessionId session = {};  // once bound
  };
  struct Waiter {
    Wake wake;
    std::unique_ptr<Transport> line;
  };

  void run();
  void sleep();
  void accept_all();
  void begin_handshake(Socket socket);
  void drop_oldest_greeting();
  void advance(Line& line);
  void advance_stage(Line& line);
  void shake_hands(Line& line);
  void greet(Line& line);
  void welcome(Line& line);
  void bind(Line& line);
  void refuse(Line& line, const Error& error);
  std::unique_ptr<Transport> take_bound(const SessionId& session);

  const Options options_;
  const Socket socket_;
  Wake wake_;
  mutable std::mutex mutex_;
  bool stopping_ = false;
  std::vector<Line> lines_;
  std::map<SessionId, Waiter*> waiting_;
  Clock::time_point accept_from_ = {};  // later, when descriptors ran out
  std::jthread thread_;
};

}  // namespace polder
