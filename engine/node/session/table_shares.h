// What a run takes from a stored table: its columns by type or name, and this node's shares of
// them.
#pragma once

#include <span>
#include <string_view>

#include "protocol/share.h"
#include "store/table_store.h"

namespace polder {

/// The first column of bits of this type, or null.
const ColumnSpec* bits_of_type(const TableRecord& table, std::string_view type);

/// The column of numbers of this name and type, or null.
const ColumnSpec* numbers_named(const TableRecord& table, std::string_view name,
                                std::string_view type);

/// One table's columns as this node's shares of them.
class TableShares {
 public:
  TableShares(TableShare share, int role) : share_(std::move(share)), role_(role) {}

  /// [rows] of the column's width.
  Bits bits(const ColumnSpec& column) const;
  /// [rows, numbers a row], row after row.
  Arith numbers(const ColumnSpec& column) const;

 private:
  std::span<const std::uint64_t> data_of(const ColumnSpec& column) const;

  TableShare share_;
  int role_;
};

}  // namespace polder
