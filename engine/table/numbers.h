// Numbers of different types brought to one: whole numbers and decimals to the larger number of
// decimals, whole numbers and fixed point to the same fraction bits.
#pragma once

#include <optional>

#include "plan/complaints.h"
#include "table/series.h"

namespace polder {

/// The type to which both can be brought exactly, with the hull of their bounds; none, and a
/// complaint, for what are not two numbers of which that is true.
std::optional<Type> common_number(const Type& x, const Type& y, Complaints& no);

/// By what a stored number of `type` is multiplied on the way to `common`.
std::uint64_t factor_to(const Type& type, const Type& common);

/// The bounds there.
Bounds bounds_as(const Type& type, const Type& common);

/// The stored number there.  No rounds, but for what makes it a number.  Reveals nothing.
Arith number_as(Protocol& mpc, const Series& series, const Type& common);

}  // namespace polder
