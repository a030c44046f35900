#include "bench/bank_tables.h"

#include <algorithm>
#include <cstring>

namespace polder::bench {
namespace {

bool is_flagged(std::size_t bank, std::uint64_t item) { return mixed(item, bank) % 5 == 0; }

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
    : banks_(sizes.banks),
      items_(sizes.items),
      step_(std::max<std::size_t>(1, sizes.items * 5 / (4 * sizes.banks))) {}

// No table has a multiple of this prime's rows, so all items come, far from their neighbours.
std::uint64_t BankTables::item(std::size_t bank, std::size_t row) const {
  constexpr std::uint64_t prime = 2'147'483'647;
  return bank * step_ + (row * prime + bank) % items_;
}

std::array<std::uint64_t, 2> BankTables::identifier(std::size_t bank, std::size_t row) const {
  const std::uint64_t held = item(bank, row);
  return {mixed(held, 1), mixed(held, 2)};
}

bool BankTables::flagged(std::size_t bank, std::size_t row) const {
  return is_flagged(bank, item(bank, row));
}

bool BankTables::matches(std::size_t bank, std::size_t row, std::uint64_t threshold,
                         std::uint64_t min_flags) const {
  const std::uint64_t held = item(bank, row);
  std::uint64_t holders = 0, flags = 0;
  for (std::size_t i = 0; i < banks_; ++i) {
    if (held < i * step_ || held >= i * step_ + items_) continue;
    ++holders, flags += is_flagged(i, held);
  }
  return holders >= threshold && flags >= min_flags;
}

Values BankTables::identifiers_of(std::size_t bank) const {
  Values words;
  words.reserve(2 * items_);
  for (std::size_t row = 0; row < items_; ++row) {
    for (const std::uint64_t word : identifier(bank, row)) words.push_back(word);
  }
  return words;
}

PeerTable BankTables::peer_table(std::size_t bank) const {
  PeerTable table;
  for (std::size_t row = 0; row < items_; ++row) {
    const auto words = identifier(bank, row);
    std::memcpy(table.identifiers.emplace_back().data(), words.data(), sizeof(IdentifierHash));
    table.flagged.push_back(flagged(bank, row));
  }
  return table;
}

Values BankTables::matches_of(std::size_t bank, std::uint64_t threshold,
                              std::uint64_t min_flags) const {
  Values all(items_);
  for (std::size_t row = 0; row < items_; ++row)
    all[row] = matches(bank, row, threshold, min_flags);
  return all;
}

}  // namespace polder::bench
