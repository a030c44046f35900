// What the tests of this folder share: caught errors, one end of a connection, a network of three.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "crypto/certificate.h"
#include "net/testing/direct_ring.h"
#include "net/testing/memory_channel.h"

namespace polder::testing {

/// The Error that `action` throws; a test failure if it throws none.
template <typename Action>
Error thrown_by(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return Error(Code::internal, "none");
}

inline void expect_error(const Error& error, Code code, std::string_view part) {
  EXPECT_EQ(name(error.code()), name(code)) << error.what();
  EXPECT_NE(std::string_view(error.what()).find(part), std::string_view::npos) << error.what();
}

/// A limit that no test reaches, whatever else the machine does: what a test does not make late
/// must not be late.
inline constexpr std::chrono::seconds ample{240};

inline constexpr SessionId some_session = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

/// One end of a connection with all it needs.
struct End {
  End(Socket socket, std::uint8_t self, std::uint8_t peer,
      const CancellationToken::Limits& limits = {.silence = ample},
      const SocketChannel::Options& options = {})
      : cancellation(limits),
        pump(cancellation),
        channel(std::make_unique<PlainTransport>(std::move(socket)), {some_session, self, peer},
                pump, options) {}
  CancellationToken cancellation;
  Pump pump;
  SocketChannel channel;
};

struct Identity {
  std::string key_pem;
  std::string certificate_pem;
};

/// Valid from now + from for a day.
inline Identity make_identity(std::string_view common_name,
                              std::chrono::hours from = std::chrono::hours(-1)) {
  const SigningKey key = SigningKey::random();
  const Bytes pem = private_key_pem(key);
  return {
      {pem.begin(), pem.end()},
      Certificate::make(key, {.name = common_name, .days = 1, .from = Certificate::now() + from})
          .pem()};
}

/// Three nodes that have each other's certificates.
struct Network {
  std::array<Identity, 3> nodes{make_identity("a"), make_identity("b"), make_identity("c")};

  TlsContext::Options options(int role) const {
    const Identity& own = nodes[static_cast<std::size_t>(role)];
    TlsContext::Options options{own.key_pem, own.certificate_pem, {}};
    for (const int peer : {next_role(role), prev_role(role)}) {
      options.peers.push_back(
          {static_cast<std::uint8_t>(peer), nodes[static_cast<std::size_t>(peer)].certificate_pem});
    }
    return options;
  }
};

enum class Connection { memory, tcp, tls };

/// Runs `party` on three threads joined by connections of that kind.
inline void run_over(Connection connection, const std::function<void(Mesh&)>& party) {
  if (connection == Connection::memory) return run_parties(party);
  const Network network;
  std::array<Socket, 3> listeners;
  std::array<Address, 3> addresses;
  for (std::size_t role = 0; role < 3; ++role) {
    listeners[role] = listen_on({"127.0.0.1", 0});
    addresses[role] = {"127.0.0.1", local_port(listeners[role])};
  }
  std::vector<std::jthread> threads;
  for (int role = 0; role < 3; ++role) {
    threads.emplace_back([&, role] {
      try {
        std::optional<TlsContext> tls;
        if (connection == Connection::tls) tls.emplace(network.options(role));
        CancellationToken cancellation({.silence = ample});
        DirectRing ring({.role = role,
                         .session = some_session,
                         .listener = std::move(listeners[static_cast<std::size_t>(role)]),
                         .next = addresses[static_cast<std::size_t>(next_role(role))],
                         .tls = tls ? &*tls : nullptr},
                        cancellation);
        party(ring.mesh());
        ring.mesh().flush();
      } catch (const Error& error) {
        ADD_FAILURE() << "node " << role << ": " << error.what();
      }
    });
  }
}

}  // namespace polder::testing
