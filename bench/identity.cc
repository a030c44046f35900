#include "bench/identity.h"

#include "crypto/certificate.h"
#include "net/mesh.h"

namespace polder::bench {
namespace {

Identity make_identity() {
  const SigningKey key = SigningKey::random();
  const Bytes key_pem = private_key_pem(key);
  return {std::string(key_pem.begin(), key_pem.end()),
          Certificate::make(key, {.name = "bench", .days = 1}).pem()};
}

}  // namespace

Identities make_identities() { return {make_identity(), make_identity(), make_identity()}; }

TlsContext::Options tls_options(const Identities& all, int role) {
  const auto of = [&](int node) -> const Identity& { return all[static_cast<std::size_t>(node)]; };
  TlsContext::Options options{of(role).key_pem, of(role).certificate_pem, {}};
  for (const int peer : {next_role(role), prev_role(role)}) {
    options.peers.push_back({static_cast<std::uint8_t>(peer), of(peer).certificate_pem});
  }
  return options;
}

}  // namespace polder::bench
