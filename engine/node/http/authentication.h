// Who makes a request: an Ed25519 signature over all that it asks for, a time near ours, and for
// what changes something a nonce that was never seen. The head is checked before the body comes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "node/http/routes.h"
#include "store/members.h"
#include "store/nonces.h"

namespace polder {

class Authentication {
 public:
  struct Options {
    std::string network;  // id in hex
    int role;
    std::array<VerifyKey, 3> node_keys;  // by role; an operator signs with its node's
  };
  Authentication(Options options, Members& members, Nonces& nonces)
      : options_(std::move(options)), members_(members), nonces_(nonces) {}

  /// Who signed a request, by its head. Quick: no disk, no waiting.
  /// Throws Error bad_input (headers missing or malformed), forbidden (unknown key or wrong
  /// signature, which are not told apart; time; or not allowed this kind of request).
  Caller check_head(const HttpRequest& request, Route::Access access, std::int64_t now_ms);

  /// The same for the whole request, whose body must be the one announced; if it changes something
  /// it is used up: throws Error forbidden also for one that was made before.
  Caller check(const HttpRequest& request, Route::Access access, std::int64_t now_ms);

 private:
  const Options options_;
  Members& members_;
  Nonces& nonces_;
};

}  // namespace polder
