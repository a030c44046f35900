// Typed tables and plans at the nodes, in the module _polder.
#pragma once

#include <nanobind/nanobind.h>

namespace polder {

void add_plan_runs(nanobind::module_& m);

}  // namespace polder
