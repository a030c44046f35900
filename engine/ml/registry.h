// The operators of learning.
#pragma once

#include "plan/registry.h"

namespace polder {

/// Every file of operators/ (polder_operators in cmake/polder.cmake).
void add_ml_operators(Registry& registry);

}  // namespace polder
