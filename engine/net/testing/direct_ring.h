// One node's two connections of a ring that lives for one run: for benches and tests. Nodes that
// serve take their connections from Links, which pools them.
#pragma once

#include <memory>

#include "net/mesh.h"
#include "net/socket_channel.h"
#include "net/tls/tls.h"

namespace polder {

class DirectRing {
 public:
  struct Options {
    int role;
    SessionId session;
    Socket listener;                  // prev dials here
    Address next;                     // where next listens
    const TlsContext* tls = nullptr;  // none: bare TCP, for measuring only
    std::chrono::milliseconds limit = std::chrono::seconds(10);
  };

  /// Returns once both connections are there.  Throws Error peer_lost, timed_out, forbidden,
  /// cancelled.
  DirectRing(Options options, CancellationToken& cancellation);

  Mesh& mesh() { return mesh_; }
  Pump& pump() { return pump_; }

 private:
  struct Connections {
    std::unique_ptr<Transport> next;
    std::unique_ptr<Transport> prev;
  };
  static Connections connect(Options& options, CancellationToken& cancellation);
  DirectRing(const Options& options, Connections connections, CancellationToken& cancellation);

  Pump pump_;
  SocketChannel next_;
  SocketChannel prev_;
  Mesh mesh_;
};

}  // namespace polder
