#include "net/socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "base/memory.h"

namespace polder {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList resolve(const Address& address, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(address.port);
  const int failed = getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found);
  if (failed != 0) {
    fail(Code::bad_input, "cannot resolve the host '{}': {}", address.host, gai_strerror(failed));
  }
  return {found, &freeaddrinfo};
}

void set_option(int descriptor, int level, int option, int value) {
  setsockopt(descriptor, level, option, &value, sizeof value);
}

constexpr int dead_ms = 20'000;

// No waiting to fill packets, and a dead machine is noticed within 20 s even on an idle connection.
void tune(int descriptor) {
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 10);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 2);
  set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, dead_ms);
}

Socket open_socket(const addrinfo& kind) {
  return Socket(socket(kind.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

// 0 when connected, else the error.
int finish_connecting(const Socket& socket, Clock::time_point until,
                      CancellationToken& cancellation) {
  std::array<pollfd, 2> polled{
      {{socket.descriptor(), POLLOUT, 0}, {cancellation.event_descriptor(), POLLIN, 0}}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  poll(polled.data(), polled.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
  cancellation.check_cancelled();
  if (polled[0].revents == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

int try_connecting(Socket& socket, const addrinfo& to, Clock::time_point until,
                   CancellationToken& cancellation) {
  socket = open_socket(to);
  if (!socket) return errno;
  if (connect(socket.descriptor(), to.ai_addr, to.ai_addrlen) == 0) return 0;
  return errno == EINPROGRESS ? finish_connecting(socket, until, cancellation) : errno;
}

void pause(Clock::time_point until, CancellationToken& cancellation) {
  pollfd wake{cancellation.event_descriptor(), POLLIN, 0};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  if (left > 0) poll(&wake, 1, static_cast<int>(left));
  cancellation.check_cancelled();
}

/// Letters, digits, dots and hyphens, as in names of machines and IPv4 addresses.
bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

bool is_ip6(std::string_view host) {
  std::array<unsigned char, 16> bytes;
  const std::string text(host.substr(0, host.find('%')));
  return inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, 100));
  std::ranges::replace_if(
      out, [](char c) { return c >= 0 && c < ' '; }, '?');
  return out;
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

Address parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + std::min(colon, text.size() - 1) + 1, end, port);
  std::string_view host = text.substr(0, std::min(colon, text.size()));
  const bool six = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  if (six) host = host.substr(1, host.size() - 2);
  const bool good = colon < text.size() && read.ec == std::errc() && read.ptr == end && port > 0 &&
                    (six ? is_ip6(host) : is_host(host));
  if (!good) {
    fail(Code::bad_input,
         "'{}' is not an address; write host:port, without https:// in front, the port from 1 to "
         "65535",
         printable(text));
  }
  return {std::string(host), port};
}

std::string to_text(const Address& address) {
  const bool six = address.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", six ? "[" : "", address.host, six ? "]" : "", address.port);
}

Socket listen_on(const Address& address) {
  const AddressList found = resolve(address, AI_PASSIVE);
  Socket socket = open_socket(*found);
  if (!socket) fail(Code::busy, "no socket left: {}", std::strerror(errno));
  set_option(socket.descriptor(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (bind(socket.descriptor(), found->ai_addr, found->ai_addrlen) != 0 ||
      listen(socket.descriptor(), SOMAXCONN) != 0) {
    fail(Code::busy, "cannot listen on {}:{}: {}; is another program there?", address.host,
         address.port, std::strerror(errno));
  }
  return socket;
}

std::uint16_t local_port(const Socket& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(socket.descriptor(), reinterpret_cast<sockaddr*>(&address), &size);
  const bool v6 = address.ss_family == AF_INET6;
  return ntohs(v6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                  : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

Socket accept_from(const Socket& listener) {
  const int descriptor =
      accept4(listener.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor >= 0) tune(descriptor);
  return Socket(descriptor);
}

Socket connect_to(const Address& address, std::chrono::milliseconds limit,
                  CancellationToken& cancellation) {
  const AddressList found = resolve(address, 0);
  const auto until = std::min(Clock::now() + limit, cancellation.give_up(Clock::now()));
  while (true) {
    int error = 0;
    for (const addrinfo* to = found.get(); to != nullptr; to = to->ai_next) {
      Socket socket;
      error = try_connecting(socket, *to, until, cancellation);
      if (error != 0) continue;
      tune(socket.descriptor());
      return socket;
    }
    const auto again = Clock::now() + std::chrono::milliseconds(50);
    if (again >= until) {
      cancellation.check(Clock::now(), "a connection");
      fail(Code::peer_lost, "cannot connect to {}:{}: {}; is it up?", address.host, address.port,
           std::strerror(error));
    }
    pause(again, cancellation);
  }
}

std::pair<Socket, Socket> socket_pair() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    fail(Code::busy, "no socket left: {}", std::strerror(errno));
  }
  return {Socket(ends[0]), Socket(ends[1])};
}

void bear_unread(const Socket& socket, Clock::duration limit) {
  const auto wanted = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
  set_option(socket.descriptor(), IPPROTO_TCP, TCP_USER_TIMEOUT,
             static_cast<int>(std::clamp<std::int64_t>(wanted, dead_ms, INT_MAX)));
}

void end_softly(const Socket& socket) noexcept {
  constexpr int max_reads = 1024;
  std::array<std::uint8_t, 16 << 10> unread;
  shutdown(socket.descriptor(), SHUT_WR);
  for (int i = 0; i < max_reads; ++i) {
    if (recv(socket.descriptor(), unread.data(), unread.size(), MSG_DONTWAIT) <= 0) break;
  }
  wipe(unread.data(), unread.size());
}

std::string peer_name(const Socket& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (getpeername(socket.descriptor(), any, &size) != 0 ||
      getnameinfo(any, size, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "an unknown address";
  }
  return fmt::format("{}:{}", host.data(), port.data());
}

}  // namespace polder
