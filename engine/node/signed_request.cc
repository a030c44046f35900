#include "node/signed_request.h"

#include <fmt/format.h>

#include "crypto/hash.h"
#include "crypto/hex.h"

namespace polder {

std::string request_text(const SignedRequest& request, std::span<const std::uint8_t> body) {
  return fmt::format("polder request v1\n{}\n{}\n{}\n{}\n{}\n{}\n{}", request.method,
                     request.target, request.network, request.role, request.time_ms, request.nonce,
                     to_hex(hash256(body)));
}

}  // namespace polder
