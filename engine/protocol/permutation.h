// Uniformly random orders from a stream.
#pragma once

#include <cstddef>

#include "base/memory.h"
#include "crypto/stream.h"

namespace polder {

/// A uniformly random permutation of 0 .. n-1 (Fisher-Yates): n - 1 bounded draws, whatever they
/// give.
Indices random_permutation(Stream& stream, std::size_t n);

}  // namespace polder
