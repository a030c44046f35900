// A node's lines to the two others, and the two that a session takes for its time: one to the next
// node, dialled, and one from the previous node, accepted, matched by the session's id. Sessions
// run side by side, each on lines of its own; lines go back when a session ended cleanly.
#pragma once

#include "net/dialler.h"
#include "net/listener.h"
#include "net/mesh.h"
#include "net/socket_channel.h"

namespace polder {

class SessionLines;

/// Thread-safe. Outlives its sessions.
class Links {
 public:
  struct Options {
    int role;
    NetworkId network;
    Socket listener;  // see listen_on
    Address next;
    const TlsContext& tls;
    std::chrono::milliseconds dial_limit = std::chrono::seconds(5);
    std::chrono::milliseconds join_limit = std::chrono::seconds(8);  // for prev to take part
    std::function<void(const Error&)> on_refusal = {};  // a caller that was turned away; any thread
  };
  explicit Links(Options options);

  /// Makes sure that a line to the next node is ready.  Throws as SessionLines' constructor.
  void warm(Patience& patience) { dialler_.warm(patience); }

  /// A talk with the next node, or with the previous one when it calls (for one thread); outside
  /// sessions, and short.  `talk` has the channel and sends and receives in turn with the other
  /// side.  Throw as SessionLines' constructor.
  void call_next(Patience& patience, const std::function<void(Channel&)>& talk);
  void answer_call(Patience& patience, const std::function<void(Channel&)>& talk);

  struct Idle {
    std::size_t to_next;
    std::size_t from_prev;
  };
  Idle idle() const { return {dialler_.idle(), listener_.idle()}; }
  /// To the next node and back; nothing while no line is ready.
  std::optional<std::chrono::microseconds> round_trip() const { return dialler_.round_trip(); }

 private:
  friend class SessionLines;
  const int role_;
  const std::chrono::milliseconds join_limit_;
  Dialler dialler_;
  Listener listener_;
};

/// Two lines for one session. Destroyed without `finish` it closes them: tell the peers why before
/// that (mesh().abort).
class SessionLines {
 public:
  /// Takes both lines.  Throws Error peer_lost (a node is down or does not take part), forbidden
  /// (certificates, network), timed_out, cancelled.
  SessionLines(Links& links, const SessionId& session, Patience& patience);

  Mesh& mesh() { return mesh_; }
  Pump& pump() { return pump_; }

  /// After the session's last receive: sends what is left and gives the lines back. The mesh is of
  /// no use after it.
  void finish();

 private:
  Links& links_;
  Pump pump_;
  SocketChannel next_;
  SocketChannel prev_;
  Mesh mesh_;
};

}  // namespace polder
