#include "bench/bare_ring.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "base/error.h"
#include "net/mesh.h"

namespace polder::bench {
namespace {

std::size_t index(int role) { return static_cast<std::size_t>(role); }

void make_blocking(const Socket& socket) {
  fcntl(socket.descriptor(), F_SETFL, fcntl(socket.descriptor(), F_GETFL) & ~O_NONBLOCK);
}

}  // namespace

BareRing::BareRing() {
  CancellationToken cancellation;
  const Socket listener = listen_on({"127.0.0.1", 0});
  for (int role = 0; role < 3; ++role) {
    to_next_[index(role)] =
        connect_to({"127.0.0.1", local_port(listener)}, std::chrono::seconds(5), cancellation);
    to_prev_[index(next_role(role))] = accept_from(listener);
    make_blocking(to_next_[index(role)]);
    make_blocking(to_prev_[index(next_role(role))]);
  }
}

void BareRing::pass(int role, std::span<const std::uint8_t> out, std::span<std::uint8_t> in) const {
  const auto whole = [](ssize_t moved, std::size_t bytes) {
    if (moved != static_cast<ssize_t>(bytes)) fail(Code::peer_lost, "a bare connection broke");
  };
  whole(send(to_prev_[index(role)].descriptor(), out.data(), out.size(), MSG_NOSIGNAL), out.size());
  whole(recv(to_next_[index(role)].descriptor(), in.data(), in.size(), MSG_WAITALL), in.size());
}

}  // namespace polder::bench
