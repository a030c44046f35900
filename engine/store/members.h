// The organisations that this node knows: a name, bound to its keys for good.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/seal.h"
#include "crypto/sign.h"
#include "store/catalogue.h"

namespace polder {

struct Member {
  std::string name;
  VerifyKey::Raw sign;
  SealKey seal;
  friend bool operator==(const Member&, const Member&) = default;
};

class Members {
 public:
  explicit Members(Catalogue& catalogue) : catalogue_(catalogue) {}

  /// Admitting the same member again changes nothing. Throws Error forbidden if the name has other
  /// keys or the key another name.
  void admit(const Member& member, std::int64_t now_ms);
  std::optional<Member> named(std::string_view name);
  std::optional<Member> with_key(std::span<const std::uint8_t> sign);
  std::vector<Member> all();

 private:
  Catalogue& catalogue_;
};

}  // namespace polder
