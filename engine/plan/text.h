// The one text of a plan, which is hashed, signed and compared between nodes, and its fingerprint.
#pragma once

#include <string>
#include <string_view>

#include "crypto/hash.h"
#include "plan/graph.h"

namespace polder {

inline constexpr std::size_t max_plan_bytes = std::size_t{16} << 20;

/// Of a plan (plan_of).
std::string plan_text(const Graph& plan);

/// BLAKE2b-256 of "polder plan\n" and the text.
Digest256 fingerprint(const Graph& plan);

/// The plan of which this is the text.  Throws Error bad_input, also for a text that means a plan
/// but spells it otherwise. Whether it is sound is another question (require_sound).
Graph parse_plan(std::string_view text, const Registry& registry);

}  // namespace polder
