#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "net/transport.h"

namespace polder {
namespace {

iovec entry(std::span<const std::uint8_t> bytes) {
  return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
}

struct Gather {
  Gather(std::span<const std::uint8_t> head, std::span<const std::uint8_t> body)
      : parts{entry(head), entry(body)} {
    message.msg_iov = parts.data() + (head.empty() ? 1 : 0);
    message.msg_iovlen = head.empty() ? 1 : 2;
  }
  std::array<iovec, 2> parts;
  msghdr message{};
};

}  // namespace

Transport::Moved PlainTransport::write(std::span<const std::uint8_t> head,
                                       std::span<const std::uint8_t> body) {
  const Gather gather(head, body);
  const ssize_t moved =
      sendmsg(socket().descriptor(), &gather.message, MSG_DONTWAIT | MSG_NOSIGNAL);
  return moved == 0 ? Moved{} : outcome(moved);
}

Transport::Moved PlainTransport::read(std::span<std::uint8_t> head, std::span<std::uint8_t> body) {
  Gather gather(head, body);
  return outcome(recvmsg(socket().descriptor(), &gather.message, MSG_DONTWAIT));
}

Transport::Moved PlainTransport::peek(std::span<std::uint8_t> bytes) {
  return outcome(recv(socket().descriptor(), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT));
}

Transport::Moved PlainTransport::outcome(ssize_t moved) {
  if (moved > 0) return {.bytes = static_cast<std::size_t>(moved)};
  if (moved == 0) return ended("it closed the connection");
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {};
  return ended(std::strerror(errno));
}

}  // namespace polder
