// Nonblocking stream sockets that close themselves.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "net/cancellation_token.h"

namespace polder {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();

  explicit operator bool() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

struct Address {
  std::string host;
  std::uint16_t port;
};

/// "host:port" or "[v6]:port".  Throws Error bad_input.
Address parse_address(std::string_view text);
/// The same back, with brackets around an IPv6 host.
std::string to_text(const Address& address);

/// A listening socket; port 0 takes a free one (see `local_port`).  Throws Error bad_input, busy.
Socket listen_on(const Address& address);
std::uint16_t local_port(const Socket& socket);

/// The next connection that waits, or an empty socket.
Socket accept_from(const Socket& listener);

/// A connection, tried again while nobody listens there yet, for at most `limit`.  Throws Error
/// bad_input (no such host), peer_lost, cancelled, timed_out.
Socket connect_to(const Address& address, std::chrono::milliseconds limit,
                  CancellationToken& cancellation);

/// Two ends of a connection inside this machine.
std::pair<Socket, Socket> socket_pair();

/// A TCP peer may leave what was sent unread for so long, or for 20 s if that is more, before the
/// connection counts as broken.
void bear_unread(const Socket& socket, Clock::duration limit);

/// Says that no more will come and throws away what did: closing then leaves what was sent on its
/// way, where closing with unread bytes would recall it.
void end_softly(const Socket& socket) noexcept;

/// The shortest time in which the other end has answered on a TCP connection, as the system saw it;
/// nothing for other sockets.
std::optional<std::chrono::microseconds> round_trip(const Socket& socket);

/// "127.0.0.1:4711" of the other end, for messages.
std::string peer_name(const Socket& socket);

}  // namespace polder
