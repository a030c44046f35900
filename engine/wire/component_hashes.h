// What a manifest says of a table's three components: enough for each node to see that it was sent
// what the owner signed, and nothing to a node about a component that it lacks.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "crypto/secret.h"

namespace polder {

/// Under which component 2 is hashed: its owner's and of nodes 1 and 2, who hold that component.
/// Without it the hash would let node 0, which has both seeds, test guesses of the whole table.
using Blind = Secret<32>;

/// hex BLAKE2b-256 of the seed of component 0 or 1. A seed has 128 random bits, so nobody finds it
/// or anything made from it by guessing.
std::string seed_hash(int component, std::span<const std::uint8_t> seed);

/// hex BLAKE2b-256 of component 2 (all columns after each other), keyed with the blind: to who
/// lacks that, a random number.
std::string data_hash(std::span<const std::uint8_t, 32> blind, std::span<const std::uint8_t> data);

}  // namespace polder
