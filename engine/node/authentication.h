// Who makes a request: an Ed25519 signature over all that it asks for, a time near ours, and a
// nonce that was never seen.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "node/routes.h"
#include "store/members.h"
#include "store/nonces.h"

namespace polder {

class Authentication {
 public:
  struct Options {
    std::string network;  // id in hex
    int role;
    std::array<std::uint8_t, 32> node_key;  // the operator signs with it
  };
  Authentication(Options options, Members& members, Nonces& nonces)
      : options_(std::move(options)), members_(members), nonces_(nonces) {}

  /// The member who signed the request, none if it was the operator. The request is used up.
  /// Throws Error bad_input (headers missing or malformed), forbidden (unknown key or wrong
  /// signature, which are not told apart; time; used before; or not allowed this kind of request).
  std::optional<Member> check(const HttpRequest& request, Route::Access access,
                              std::int64_t now_ms);

 private:
  const Options options_;
  Members& members_;
  Nonces& nonces_;
};

}  // namespace polder
