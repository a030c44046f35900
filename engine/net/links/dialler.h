// The dialling end of a node's connections to one other node, kept warm between sessions.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "net/links/handshake_message.h"
#include "net/tls/tls.h"

namespace polder {

/// Thread-safe. At most `max_idle` connections wait here; a connection whose peer died is noticed
/// when it is taken, and another is dialled.
class Dialler {
 public:
  struct Options {
    Ends ends;  // this node and the other
    NetworkId network;
    Address address;  // of the other
    const TlsContext& tls;
    std::chrono::milliseconds limit = std::chrono::seconds(5);  // to connect, shake hands, greet
    std::size_t max_idle = 16;
  };

  explicit Dialler(Options options) : options_(std::move(options)) {}

  /// A connection that the peer has been told belongs to `session`, or proposes it
  /// (HandshakeKind::ask). Throws Error peer_lost, forbidden (certificates, network), timed_out,
  /// cancelled.
  std::unique_ptr<Transport> take(const SessionId& session, CancellationToken& cancellation,
                                  HandshakeKind purpose = HandshakeKind::bind);

  /// After a session that ended cleanly.
  void give_back(std::unique_ptr<Transport> connection);

  /// Makes sure that a connection is ready: at start, and to see whether the other node is there.
  /// Throws as `take`.
  void warm(CancellationToken& cancellation);

  std::size_t idle() const;
  /// To the next node and back, of the connections that wait here.
  std::optional<std::chrono::microseconds> round_trip() const;

 private:
  struct Idle {
    std::unique_ptr<Transport> connection;
    HandshakeReader reader;
    bool welcomed = false;
  };
  enum class State { ready, busy, dead };

  std::unique_ptr<Transport> take_idle();
  State state_of(Idle& idle) const;
  std::unique_ptr<Transport> dial(CancellationToken& cancellation) const;
  void await_welcome(Transport& connection, Clock::time_point until,
                     CancellationToken& cancellation) const;

  const Options options_;
  mutable std::mutex mutex_;
  std::vector<Idle> idle_;
};

}  // namespace polder
