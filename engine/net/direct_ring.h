// One node's two lines of a ring that lives for one run: for benches and tests. Nodes that serve
// take their lines from Links, which pools them.
#pragma once

#include <memory>

#include "net/mesh.h"
#include "net/socket_channel.h"
#include "net/tls.h"

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

  /// Returns once both lines are there.  Throws Error peer_lost, timed_out, forbidden, cancelled.
  DirectRing(Options options, Patience& patience);

  Mesh& mesh() { return mesh_; }
  Pump& pump() { return pump_; }

 private:
  struct Lines {
    std::unique_ptr<Transport> next;
    std::unique_ptr<Transport> prev;
  };
  static Lines connect(Options& options, Patience& patience);
  DirectRing(const Options& options, Lines lines, Patience& patience);

  Pump pump_;
  SocketChannel next_;
  SocketChannel prev_;
  Mesh mesh_;
};

}  // namespace polder
