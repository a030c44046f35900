#include "node/session/stored_tables.h"

#include <algorithm>

#include "base/error.h"
#include "node/session/table_shares.h"

namespace polder {
namespace {

/// A column's place in the schema; checked when the plan was.
std::size_t place_of(const Manifest& manifest, const std::string& name) {
  const auto found = std::ranges::find(manifest.schema, name, &TypedColumn::name);
  require(found != manifest.schema.end(), "a plan reads a column that its table has");
  return static_cast<std::size_t>(found - manifest.schema.begin());
}

Series series_of(const TableShares& shares, const Manifest& manifest, std::size_t place) {
  const auto part = [&](const std::string& name) -> const ColumnSpec& {
    return *std::ranges::find(manifest.columns, name, &ColumnSpec::name);
  };
  const Type& type = manifest.schema[place].type;
  Bits bits = shares.bits(part(bits_part(place)));
  Series series = type.is_stored_number()
                      ? Series(type, shares.numbers(part(number_part(place))), std::move(bits))
                      : Series(type, std::move(bits));
  if (type.null) series.set_null(shares.bits(part(null_part(place))));
  return series;
}

}  // namespace

Frame frame_of(TableStore& tables, std::shared_ptr<const TableRecord> table, int role,
               const std::vector<ColumnShape>& columns) {
  const Manifest& manifest = table->manifest;
  const TableShares shares(tables.load(table), role);
  Frame frame{manifest.rows, {}, {}};
  for (const ColumnShape& wanted : columns) {
    const std::size_t place = place_of(manifest, wanted.name);
    frame.columns.emplace_back(wanted.name, share(series_of(shares, manifest, place)));
  }
  return frame;
}

std::vector<ColumnShape> columns_of(const Manifest& manifest) {
  std::vector<ColumnShape> columns;
  for (const auto& [name, type] : manifest.schema) columns.push_back({name, type, {}, false});
  return columns;
}

Frame StoredTables::read(const std::string& table, const std::string& owner,
                         const std::vector<ColumnShape>& columns, std::uint64_t) {
  const auto found = std::ranges::find_if(bound_, [&](const auto& record) {
    return record->manifest.name == table && record->manifest.owner == owner;
  });
  if (found == bound_.end())
    fail(Code::bad_schema, "plan: table '{}' of '{}' is not among the run's tables", table, owner);
  return frame_of(tables_, *found, role_, columns);
}

}  // namespace polder
