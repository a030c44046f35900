#include "node/session/table_shares.h"

#include <algorithm>

#include "protocol/registry.h"

namespace polder {
namespace {

using Kind = ColumnSpec::Kind;

template <typename Wanted>
const ColumnSpec* find_column(const TableRecord& table, Wanted wanted) {
  const auto& columns = table.manifest.columns;
  const auto found = std::ranges::find_if(columns, wanted);
  return found == columns.end() ? nullptr : &*found;
}

Sent sent(const TableShare& share, std::span<const std::uint64_t> data) {
  return {.first = share.first ? &*share.first : nullptr,
          .second = share.second ? &*share.second : nullptr,
          .data = data};
}

}  // namespace

const ColumnSpec* bits_of_type(const TableRecord& table, std::string_view type) {
  return find_column(table, [&](const ColumnSpec& column) {
    return column.type == type && column.kind == Kind::bits;
  });
}

const ColumnSpec* numbers_named(const TableRecord& table, std::string_view name,
                                std::string_view type) {
  return find_column(table, [&](const ColumnSpec& column) {
    return column.name == name && column.type == type && column.kind == Kind::arith;
  });
}

Bits TableShares::bits(const ColumnSpec& column) const {
  const BitShape shape{share_.record->manifest.rows, column.width};
  return node_bits(role_, shape, sent(share_, data_of(column)), column.name);
}

Arith TableShares::numbers(const ColumnSpec& column) const {
  const std::size_t words = column_bytes(column, share_.record->manifest.rows) / 8;
  return node_arith(role_, words, sent(share_, data_of(column)), column.name);
}

std::span<const std::uint64_t> TableShares::data_of(const ColumnSpec& column) const {
  if (share_.data.empty()) return {};
  std::size_t at = 0;
  for (const ColumnSpec& other : share_.record->manifest.columns) {
    const std::size_t words = column_bytes(other, share_.record->manifest.rows) / 8;
    if (other.name == column.name) return std::span(share_.data).subspan(at, words);
    at += words;
  }
  return {};
}

}  // namespace polder
