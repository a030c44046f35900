// Which rows match, and which of these count towards the least number (MatchRequest::at_least).
#pragma once

#include <optional>

#include "protocol/share.h"

namespace polder {

struct Marks {
  Bits matched;                      // [n] of one bit
  std::optional<Bits> counted = {};  // [n] of one bit; none: all that match count

  const Bits& that_count() const { return counted ? *counted : matched; }
};

}  // namespace polder
