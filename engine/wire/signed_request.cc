#include "wire/signed_request.h"

#include <fmt/format.h>

#include "crypto/hash.h"
#include "crypto/hex.h"

namespace polder {

std::string body_digest(std::span<const std::uint8_t> body) { return to_hex(hash256(body)); }

std::string request_text(const SignedRequest& request) {
  return fmt::format("polder request v1\n{}\n{}\n{}\n{}\n{}\n{}\n{}", request.method,
                     request.target, request.network, request.role, request.time_ms, request.nonce,
                     request.digest);
}

}  // namespace polder
