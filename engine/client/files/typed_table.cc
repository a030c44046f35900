#include "client/files/typed_table.h"

#include "base/error.h"

namespace polder {
namespace {

void append(Words& all, const Words& more) { all.insert(all.end(), more.begin(), more.end()); }

/// Component 2 of a column's parts, one after the other.
Words split_column(const PlainColumn& column, std::size_t place, std::size_t rows,
                   const Seeds& seeds) {
  Words data;
  if (column.type.is_stored_number())
    append(data, split_arith(column.values, seeds, number_part(place)));
  const auto bits = PlainBits::of_rows(column.values, rows, column.type.width());
  append(data, split_bits(bits, seeds, bits_part(place)));
  if (column.type.null) {
    Words missing(rows, 0);
    for (std::size_t row = 0; row < column.null.size(); ++row) missing[row] = column.null[row];
    append(data, split_bits(PlainBits::of_rows(missing, rows, 1), seeds, null_part(place)));
  }
  return data;
}

}  // namespace

PreparedTable prepare_typed_table(const PlainTable& table, const TableHead& head,
                                  TableSecrets secrets, std::uint64_t created_ms) {
  if (table.columns.empty()) fail(Code::bad_input, "table '{}' has no columns", head.name);
  require_within_types(table);
  PreparedTable prepared{.manifest = {.name = head.name,
                                      .owner = head.owner,
                                      .rows = table.rows,
                                      .columns = {},
                                      .data_bytes = 0,
                                      .hashes = {},
                                      .created = created_ms,
                                      .serves = head.serves},
                         .secrets = std::move(secrets),
                         .data = {}};
  Manifest& manifest = prepared.manifest;
  for (std::size_t place = 0; place < table.columns.size(); ++place) {
    const PlainColumn& column = table.columns[place];
    manifest.schema.push_back({column.name, column.type});
    append(prepared.data, split_column(column, place, table.rows, prepared.secrets.seeds));
  }
  manifest.columns = parts_of(manifest.schema);
  seal_manifest(prepared);
  return prepared;
}

}  // namespace polder
