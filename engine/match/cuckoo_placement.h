// A bin of its own for each of many identifiers: cuckoo hashing without its bad luck.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace polder {

/// candidates: [n, choices] bins that each may take -> [n] different bins, or nothing if there are
/// none (a bipartite matching by shortest augmenting paths). Time and addresses depend on the
/// candidates: for a party's own identifiers, in its own memory only.
std::optional<std::vector<std::uint32_t>> cuckoo_placement(
    std::span<const std::uint32_t> candidates, std::size_t choices, std::uint64_t bins);

}  // namespace polder
