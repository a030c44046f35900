// Where and when a measurement was made.
#pragma once

#include <string>

namespace polder::bench {

/// Processor, cores, the instructions that matter, commit and date, in a few lines.
std::string machine();

}  // namespace polder::bench
