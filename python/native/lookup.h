// What the module _polder has for look-ups.
#pragma once

#include <nanobind/nanobind.h>

namespace polder {

void add_lookup(nanobind::module_& m);

}  // namespace polder
