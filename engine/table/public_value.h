// A value that all know, as a column of one row.
#pragma once

#include <string_view>

#include "table/series.h"

namespace polder {

/// `text` as in plan/value.h.  No rounds.  Throws Error bad_input if it is no value of the type.
Series public_value(Protocol& mpc, const Type& type, std::string_view text);

}  // namespace polder
