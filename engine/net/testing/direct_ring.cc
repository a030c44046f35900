#include "net/testing/direct_ring.h"

#include <poll.h>

#include <algorithm>
#include <array>

#include "net/tls/tls_transport.h"

namespace polder {
namespace {

Binding binding(const DirectRing::Options& options, int peer) {
  return {options.session, static_cast<std::uint8_t>(options.role),
          static_cast<std::uint8_t>(peer)};
}

Socket accept_one(const Socket& listener, std::chrono::milliseconds limit,
                  CancellationToken& cancellation) {
  std::array<pollfd, 2> polled{
      {{listener.descriptor(), POLLIN, 0}, {cancellation.event_descriptor(), POLLIN, 0}}};
  poll(polled.data(), polled.size(), static_cast<int>(limit.count()));
  cancellation.check_cancelled();
  Socket socket = accept_from(listener);
  if (!socket) fail(Code::peer_lost, "no node dialled within {} ms", limit.count());
  return socket;
}

}  // namespace

DirectRing::Connections DirectRing::connect(Options& options, CancellationToken& cancellation) {
  Socket to_next = connect_to(options.next, options.limit, cancellation);
  Socket to_prev = accept_one(options.listener, options.limit, cancellation);
  if (options.tls == nullptr) {
    return {std::make_unique<PlainTransport>(std::move(to_next)),
            std::make_unique<PlainTransport>(std::move(to_prev))};
  }
  const auto next = static_cast<std::uint8_t>(next_role(options.role));
  auto dialled = TlsTransport::dial(*options.tls, std::move(to_next), next);
  auto accepted = TlsTransport::accept(*options.tls, std::move(to_prev));
  const std::array connections{dialled.get(), accepted.get()};
  shake_hands(connections, options.limit, cancellation);
  if (accepted->peer_role() != prev_role(options.role)) {
    fail(Code::forbidden, "node {} dialled in place of node {}", accepted->peer_role(),
         prev_role(options.role));
  }
  return {std::move(dialled), std::move(accepted)};
}

DirectRing::DirectRing(Options options, CancellationToken& cancellation)
    : DirectRing(options, connect(options, cancellation), cancellation) {}

DirectRing::DirectRing(const Options& options, Connections connections,
                       CancellationToken& cancellation)
    : pump_(cancellation),
      next_(std::move(connections.next), binding(options, next_role(options.role)), pump_),
      prev_(std::move(connections.prev), binding(options, prev_role(options.role)), pump_),
      mesh_(options.role, next_, prev_) {}

}  // namespace polder
