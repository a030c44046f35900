// What plans opened, as Python's values.
#pragma once

#include <nanobind/nanobind.h>

#include <vector>

#include "table/result.h"

namespace polder {

/// [(label, [(name, type, texts, withheld)])]: a text is none where it is missing or withheld.
nanobind::list as_python(const std::vector<Result>& results);

}  // namespace polder
