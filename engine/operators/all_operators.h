// All operators, functions and aggregates that a plan may have, of whatever module.
#pragma once

#include "plan/registry.h"

namespace polder {

const Registry& all_operators();

}  // namespace polder
