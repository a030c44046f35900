// Who may be at the other end of a connection between nodes. A peer is who it says only if its
// certificate is, byte for byte, the one that the network file holds for its role, and is within
// its dates; no authority can vouch for others. TLS 1.3 only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/certificate.h"
#include "net/channel.h"

struct ssl_ctx_st;
struct ssl_st;

namespace polder {

/// A node's own key and certificate, and the certificates it accepts. Outlives its connections;
/// safe to use from several threads.
class TlsContext {
 public:
  struct Pin {
    std::uint8_t role;
    std::string certificate_pem;
    std::string name = {};  // for messages; empty: "node 1"
  };
  struct Options {
    std::string_view key_pem;
    std::string_view certificate_pem;
    std::vector<Pin> peers;
  };

  /// Throws Error bad_input (unreadable PEM, key and certificate that do not belong together).
  explicit TlsContext(const Options& options);
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ~TlsContext();

  struct Pinned {
    std::uint8_t role;
    Certificate certificate;
    std::string name;

    std::string shown() const { return shown_peer(role, name); }
  };
  const std::vector<Pinned>& pinned() const { return pinned_; }
  /// A pinned peer in messages.
  std::string shown(std::uint8_t role) const;
  ssl_ctx_st* raw() const { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::vector<Pinned> pinned_;
};

/// Whom one handshake expects, and what it found. Filled while OpenSSL verifies the peer.
struct PeerCheck {
  const TlsContext& context;
  std::optional<std::uint8_t> due;        // the role dialled; without, any pinned role may come
  std::string shown_by;                   // "node 1" or "127.0.0.1:4711", for messages
  std::optional<std::uint8_t> role = {};  // whose certificate the peer has proved to own
  std::string refusal = {};               // why it was refused, else empty

  /// From now on handshakes of `ssl` report here.
  void attach(ssl_st* ssl);
};

/// Takes OpenSSL's oldest error of this thread off its list, as text.
std::string take_tls_error();

}  // namespace polder
