// The operators, functions and aggregates of tables.
#pragma once

#include "plan/registry.h"

namespace polder {

/// Every file of operators/, functions/ and aggregates/ (polder_operators in cmake/polder.cmake).
void add_table_operators(Registry& registry);

}  // namespace polder
