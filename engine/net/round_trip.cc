// Apart from socket.cc: the system's header that knows this field does not go with the library's.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/socket.h"

namespace polder {

std::optional<std::chrono::microseconds> round_trip(const Socket& socket) {
  tcp_info seen{};
  socklen_t bytes = sizeof seen;
  if (getsockopt(socket.descriptor(), IPPROTO_TCP, TCP_INFO, &seen, &bytes) != 0) return {};
  return std::chrono::microseconds(seen.tcpi_min_rtt);
}

}  // namespace polder
