#include "match/quorum/own_table.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace polder::quorum {
namespace {

void check(const Parameters& parameters, std::uint64_t bound, const PeerTable& table) {
  const std::size_t n = table.identifiers.size();
  if (n > bound) {
    fail(Code::bad_input, "this bank's table has {} rows, agreed are at most {}", n, bound);
  }
  if (parameters.flags ? table.flagged.size() != n : !table.flagged.empty()) {
    fail(Code::bad_input, "{} rows have {} flags in a match with{} flags", n, table.flagged.size(),
         parameters.flags ? "" : "out");
  }
  std::vector<IdentifierHash> sorted = table.identifiers;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    fail(Code::bad_input, "this bank's table has an identifier twice; remove duplicates first");
  }
}

}  // namespace

OwnTable::OwnTable(const Parameters& parameters, std::uint64_t bound, const PeerTable& table)
    : rows(table.identifiers.size()), flagged(table.flagged) {
  check(parameters, bound, table);
  identifiers = random_blocks(bound);
  if (rows > 0) std::memcpy(identifiers.data(), table.identifiers.data(), rows * sizeof(Block));
  flagged.resize(bound, false);
}

}  // namespace polder::quorum
