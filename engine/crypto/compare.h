// Equality of secrets in time that does not depend on them.
#pragma once

#include <sodium/utils.h>

#include <cstdint>
#include <span>

namespace polder {

/// Whether two byte strings are equal. Their lengths are public.
inline bool equal_in_constant_time(std::span<const std::uint8_t> a,
                                   std::span<const std::uint8_t> b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace polder
