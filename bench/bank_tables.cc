#include "bench/bank_tables.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>

namespace polder::bench {
namespace {

bool flagged(std::size_t bank, std::uint64_t item) { return mixed(item, bank) % 5 == 0; }

}  // namespace

MatchSizes MatchSizes::of(std::size_t banks, std::size_t items) {
  return {banks, items, std::max<std::uint64_t>(2, banks / 3 + 1)};
}

std::uint64_t mixed(std::uint64_t x, std::uint64_t salt) {
  x = (x ^ salt << 48) * 0x9e37'79b9'7f4a'7c15;
  x = (x ^ x >> 32) * 0xd6e8'feb8'6659'fd93;
  return x ^ x >> 32;
}

BankTables::BankTables(const MatchSizes& sizes)
    : step(std::max<std::size_t>(1, sizes.items * 5 / (4 * sizes.banks))),
      holders(sizes.banks * step + sizes.items, 0),
      flags(holders.size(), 0) {
  for (std::size_t i = 0; i < sizes.banks; ++i) {
    Values& held = items.emplace_back(sizes.items);
    std::iota(held.begin(), held.end(), i * step);
    std::ranges::shuffle(held, std::mt19937_64(i));
    for (const std::uint64_t item : held) ++holders[item], flags[item] += flagged(i, item);
  }
}

Values BankTables::flags_of(std::size_t bank) const {
  Values own;
  for (const std::uint64_t item : items[bank]) own.push_back(flagged(bank, item));
  return own;
}

Values BankTables::identifiers_of(std::size_t bank) const {
  Values rows;
  for (const std::uint64_t item : items[bank]) {
    rows.push_back(mixed(item, 1));
    rows.push_back(mixed(item, 2));
  }
  return rows;
}

PeerTable BankTables::peer_table(std::size_t bank) const {
  PeerTable table;
  const Values words = identifiers_of(bank), own_flags = flags_of(bank);
  for (std::size_t row = 0; row < own_flags.size(); ++row) {
    std::memcpy(table.identifiers.emplace_back().data(), &words[2 * row], sizeof(IdentifierHash));
    table.flagged.push_back(own_flags[row] != 0);
  }
  return table;
}

Values BankTables::matches_of(std::size_t bank, std::uint64_t threshold,
                              std::uint64_t min_flags) const {
  Values rows;
  for (const std::uint64_t item : items[bank]) {
    rows.push_back(holders[item] >= threshold && flags[item] >= min_flags);
  }
  return rows;
}

}  // namespace polder::bench
