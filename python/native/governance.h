// Statements about plans, their state at the nodes, results of runs that others asked for, and the
// nodes' logs.
#pragma once

#include <nanobind/nanobind.h>

namespace polder {

void add_governance(nanobind::module_& m);

}  // namespace polder
