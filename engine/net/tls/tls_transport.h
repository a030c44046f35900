// A connection under TLS 1.3.
#pragma once

#include <memory>

#include "net/tls/tls.h"
#include "net/tls/tls_wire.h"
#include "net/transport.h"

namespace polder {

class TlsTransport final : public Transport {
 public:
  /// The dialling end; only the node of `role` is accepted.
  static std::unique_ptr<TlsTransport> dial(const TlsContext& context, Socket socket,
                                            std::uint8_t role);
  /// The accepting end; any pinned node is accepted, see `peer_role`.
  static std::unique_ptr<TlsTransport> accept(const TlsContext& context, Socket socket);
  ~TlsTransport() override;

  /// Moves the handshake on; true once it is over (the acceptor may still refuse the dialler after
  /// that, see `refused`). Else call again when the socket can be read (or written, if
  /// `has_output`).  Throws Error forbidden (wrong, expired or no certificate, not TLS 1.3),
  /// peer_lost.
  bool shake_hands();

  /// The role whose certificate the peer has proved to own, once the handshake is over.
  std::uint8_t peer_role() const;

  /// Changes the key that this end seals with. Happens by itself every 64 GiB, long before AES-GCM
  /// wears out (RFC 8446, 5.5: 2^24.5 full records).
  void renew_key();

  /// Whether the connection ended because the peer did not accept this end.
  bool refused() const { return refused_; }

  Moved write(std::span<const std::uint8_t> head, std::span<const std::uint8_t> body) override;
  Moved read(std::span<std::uint8_t> head, std::span<std::uint8_t> body) override;
  Moved peek(std::span<std::uint8_t> bytes) override;
  bool has_output() const override;
  Moved push() override;

 private:
  struct FreeSsl {
    void operator()(ssl_st* ssl) const;
  };

  TlsTransport(Socket socket, PeerCheck check);

  std::size_t seal(std::span<const std::uint8_t> head, std::span<const std::uint8_t> body);
  Moved end_of_tls(int result);
  [[noreturn]] void throw_refusal(int result);

  TlsWire wire_;
  PeerCheck check_;
  std::unique_ptr<ssl_st, FreeSsl> ssl_;
  std::uint64_t sealed_bytes_ = 0;  // since the last change of key
  bool refused_ = false;
};

/// Completes handshakes of several connections together (nodes that dial each other in a ring would
/// wait for ever one after the other).  Throws as TlsTransport::shake_hands; timed_out after
/// `limit`; cancelled.
void shake_hands(std::span<TlsTransport* const> connections, std::chrono::milliseconds limit,
                 CancellationToken& cancellation);

}  // namespace polder
