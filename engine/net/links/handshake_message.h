// What the ends of a connection between nodes tell each other outside sessions:
//   dialler: hello (its network)   acceptor: welcome (it is free; again after each session)
//   dialler: bind (the session that takes it)   then the session's frames, then welcome
//   again. Instead of bind: ask (the dialler proposes a session), then what the two agreed to say;
//   beat (this end lives and is still in that session), over (its part ended well).
#pragma once

#include <optional>

#include "net/frame.h"
#include "net/transport.h"

namespace polder {

/// The id of a network: the first half of a hash of network.json.
using NetworkId = std::array<std::uint8_t, 16>;

enum class HandshakeKind : std::uint8_t {
  hello = 1,
  welcome = 2,
  bind = 3,
  ask = 4,
  beat = 5,
  over = 6
};

struct HandshakeMessage {
  HandshakeKind kind;
  std::array<std::uint8_t, 16> id;  // of the network (hello, welcome) or the session (bind)
};

struct Ends {
  Ends(std::uint8_t of_self, std::uint8_t of_peer, std::string name = {})
      : self(of_self), peer(of_peer), peer_name(std::move(name)) {}

  std::uint8_t self;
  std::uint8_t peer;
  std::string peer_name;  // for messages; empty: "node 1"

  std::string shown() const { return shown_peer(peer, peer_name); }
};

/// Sends a handshake message; false if the connection is broken or full (a connection on which
/// handshake messages go is idle).
bool send_handshake(Transport& connection, const Ends& ends, const HandshakeMessage& message);

/// What handshake messages are bound to: no session.
Binding unbound(const Ends& ends);

/// Tells the peer of a connection that no channel serves why it is closed, best effort.
void send_refusal(Transport& connection, const Binding& binding, Code code,
                  std::string_view why) noexcept;

/// Collects one handshake message as it arrives.
class HandshakeReader {
 public:
  /// The handshake message once it is whole, else nothing yet.  Throws Error peer_lost (the
  /// connection ended), cheating (something else came), peer_aborted (the peer says why not).
  std::optional<HandshakeMessage> read(Transport& connection, const Ends& ends);
  /// The same where only one kind is due.
  std::optional<HandshakeMessage> read(Transport& connection, const Ends& ends, HandshakeKind due);

 private:
  static constexpr std::size_t payload_bytes = 32;
  friend bool send_handshake(Transport& connection, const Ends& ends,
                             const HandshakeMessage& message);

  void fill(Transport& connection, const Ends& ends, std::size_t bytes);

  std::array<std::uint8_t, header_bytes + max_abort_bytes> bytes_;
  std::size_t done_ = 0;
};

/// Throws Error cheating unless the handshake message is of the kind that is due.
void check_kind(const HandshakeMessage& message, HandshakeKind due, const Ends& ends);

/// Throws Error forbidden, naming both, unless the peer's network is ours.
void check_network(const NetworkId& ours, const HandshakeMessage& message, const Ends& ends);

}  // namespace polder
