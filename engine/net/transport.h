// The bytes under a channel: a nonblocking socket, bare or under TLS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "net/socket.h"

namespace polder {

/// Reads and writes of a head and a body at once, so that a header and its payload need neither two
/// system calls nor a copy. Nothing here waits.
class Transport {
 public:
  /// How many bytes moved, in order head, body. 0: nothing now.
  struct Moved {
    std::size_t bytes = 0;
    bool ended = false;  // the connection is at its end or broken; `why_ended` says more
  };

  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  virtual Moved write(std::span<const std::uint8_t> head, std::span<const std::uint8_t> body) = 0;
  virtual Moved read(std::span<std::uint8_t> head, std::span<std::uint8_t> body) = 0;
  /// Reads without taking away.
  virtual Moved peek(std::span<std::uint8_t> bytes) = 0;

  /// Whether bytes that `write` took have not reached the socket yet; `push` tries again.
  virtual bool has_output() const { return false; }
  virtual Moved push() { return {}; }

  const Socket& socket() const { return socket_; }
  const std::string& why_ended() const { return why_ended_; }

 protected:
  explicit Transport(Socket socket) : socket_(std::move(socket)) {}
  Moved ended(std::string why) {
    why_ended_ = std::move(why);
    return {.bytes = 0, .ended = true};
  }

 private:
  Socket socket_;
  std::string why_ended_;
};

/// Bytes as they are: TCP for measuring without TLS, socket pairs for tests.
class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(Socket socket) : Transport(std::move(socket)) {}

  Moved write(std::span<const std::uint8_t> head, std::span<const std::uint8_t> body) override;
  Moved read(std::span<std::uint8_t> head, std::span<std::uint8_t> body) override;
  Moved peek(std::span<std::uint8_t> bytes) override;

 private:
  Moved outcome(ssize_t moved);
};

}  // namespace polder
