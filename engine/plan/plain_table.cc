#include "plan/plain_table.h"

#include "base/bits.h"
#include "base/error.h"

namespace polder {
namespace {

void require_within_type(const PlainColumn& column, std::size_t rows) {
  const Type& type = column.type;
  const std::size_t row_words = words_for_bits(static_cast<std::size_t>(type.width()));
  if (column.values.size() != rows * row_words ||
      (!column.null.empty() && column.null.size() != rows))
    fail(Code::bad_schema, "column '{}' has not as many values as its table", column.name);
  for (std::size_t row = 0; row < rows; ++row) {
    const bool is_null = !column.null.empty() && column.null[row];
    if (is_null && !type.null)
      fail(Code::bad_schema,
           "column '{}', row {}: a value is missing; declare it null=True, or fill it", column.name,
           row + 1);
    if (is_null || !type.is_stored_number()) continue;
    if (!type.bounds.contains(static_cast<std::int64_t>(column.values[row])))
      fail(Code::bad_schema, "column '{}', row {}: outside {}; declare wider bounds", column.name,
           row + 1, type.text());
  }
}

}  // namespace

void require_within_types(const PlainTable& table) {
  for (const PlainColumn& column : table.columns) require_within_type(column, table.rows);
}

}  // namespace polder
