// A node's connections to the two others, and the two that a session takes for its time: one to the
// next node, dialled, and one from the previous node, accepted, matched by the session's id.
// Sessions run side by side, each on connections of its own; connections go back when a session
// ended cleanly.
#pragma once

#include "net/links/dialler.h"
#include "net/links/listener.h"
#include "net/mesh.h"
#include "net/socket_channel.h"

namespace polder {

class SessionConnections;

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

  /// Makes sure that a connection to the next node is ready.  Throws as SessionConnections'
  /// constructor.
  void warm(CancellationToken& cancellation) { dialler_.warm(cancellation); }

  /// A talk with the next node, or with the previous one when it calls (for one thread); outside
  /// sessions, and short.  `talk` has the channel and sends and receives in turn with the other
  /// side.  Throw as SessionConnections' constructor.
  void call_next(CancellationToken& cancellation, const std::function<void(Channel&)>& talk);
  void answer_call(CancellationToken& cancellation, const std::function<void(Channel&)>& talk);

  struct Idle {
    std::size_t to_next;
    std::size_t from_prev;
  };
  Idle idle() const { return {dialler_.idle(), listener_.idle()}; }
  /// To the next node and back; nothing while no connection is ready.
  std::optional<std::chrono::microseconds> round_trip() const { return dialler_.round_trip(); }

 private:
  friend class SessionConnections;
  const int role_;
  const std::chrono::milliseconds join_limit_;
  Dialler dialler_;
  Listener listener_;
};

/// Two connections for one session. Destroyed without `finish` it closes them: tell the peers why
/// before that (mesh().abort).
class SessionConnections {
 public:
  /// Takes both connections.  Throws Error peer_lost (a node is down or does not take part),
  /// forbidden (certificates, network), timed_out, cancelled.
  SessionConnections(Links& links, const SessionId& session, CancellationToken& cancellation);

  Mesh& mesh() { return mesh_; }
  Pump& pump() { return pump_; }

  /// After the session's last receive: sends what is left and gives the connections back. The mesh
  /// is of no use after it.
  void finish();

 private:
  Links& links_;
  Pump pump_;
  SocketChannel next_;
  SocketChannel prev_;
  Mesh mesh_;
};

}  // namespace polder
