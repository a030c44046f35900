// What plans read: typed tables that this node keeps, as frames.
#pragma once

#include <memory>
#include <span>

#include "store/table_store.h"
#include "table/execution.h"

namespace polder {

/// The named columns of a typed table, with their types.
/// Throws Error cheating or not_found as TableStore::load.
Frame frame_of(TableStore& tables, std::shared_ptr<const TableRecord> table, int role,
               const std::vector<ColumnShape>& columns);

/// All columns of a typed table.
std::vector<ColumnShape> columns_of(const Manifest& manifest);

class StoredTables final : public TableSource {
 public:
  /// `bound`: the tables that the plan reads, told apart by name and owner. All must outlive it.
  StoredTables(TableStore& tables, std::span<const std::shared_ptr<const TableRecord>> bound,
               int role)
      : tables_(tables), bound_(bound), role_(role) {}

  Frame read(const std::string& table, const std::string& owner,
             const std::vector<ColumnShape>& columns, std::uint64_t max_rows) override;

 private:
  TableStore& tables_;
  std::span<const std::shared_ptr<const TableRecord>> bound_;
  int role_;
};

}  // namespace polder
