// Randomness of the system's generator, and libsodium made ready.
#pragma once

#include <cstdint>
#include <span>

namespace polder {

/// Makes libsodium ready; cheap after the first call, from any thread. Every file that calls it
/// does this first.  Throws Error internal if it cannot.
void ready_sodium();

/// From the system's generator (getrandom).
void random_words(std::span<std::uint64_t> words);
void random_bytes(std::span<std::uint8_t> bytes);

}  // namespace polder
