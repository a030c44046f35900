// Keys and certificates of three nodes that live for one run.
#pragma once

#include <array>
#include <string>

#include "net/tls/tls.h"

namespace polder::bench {

struct Identity {
  std::string key_pem;
  std::string certificate_pem;
};
using Identities = std::array<Identity, 3>;

Identities make_identities();

/// Node `role`'s own identity and its peers' certificates; refers into `all`.
TlsContext::Options tls_options(const Identities& all, int role);

}  // namespace polder::bench
