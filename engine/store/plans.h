// Plans by their fingerprints: the texts that sessions, and approvals, name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/catalogue.h"

namespace polder {

class Plans {
 public:
  static constexpr std::uint64_t max_bytes_of_member = 64 << 20;

  explicit Plans(Catalogue& catalogue) : catalogue_(catalogue) {}

  /// Keeps a plan; one that is there stays as it is, and counts as used now.  Throws Error busy if
  /// the member's plans take too much.
  void put(std::string_view fingerprint, std::string_view text, std::string_view by,
           std::int64_t now_ms);
  std::optional<std::string> find(std::string_view fingerprint);
  /// Forgets those that were put last before this time, and about which nobody said anything.
  void forget(std::int64_t ms);

 private:
  Catalogue& catalogue_;
};

}  // namespace polder
