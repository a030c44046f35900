// What the module _polder has for matching without a third party.
#pragma once

#include <nanobind/nanobind.h>

namespace polder {

void add_banks(nanobind::module_& m);

}  // namespace polder
