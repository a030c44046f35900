// Errors of Polder as the classes of polder.errors.
#pragma once

#include <exception>

namespace polder {

/// Translates what was thrown, for nanobind's list of such functions, which all modules share.
void raise_in_python(const std::exception_ptr& thrown, void*);

}  // namespace polder
