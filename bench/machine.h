// Where and when a measurement was made.
#pragma once

#include <string>

namespace polder::bench {

/// Processor, cores, the instructions that matter, commit and date, in a few lines.
std::string machine();

/// Kernels use this set of instructions, by Highway's name, and no better one.  Throws Error
/// bad_input, naming those that this processor has.
void use_only(const std::string& instructions);

}  // namespace polder::bench
