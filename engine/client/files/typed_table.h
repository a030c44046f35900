// A table of typed values, split at the source for plans to read.
#pragma once

#include "client/files/prepared_table.h"
#include "plan/plain_table.h"

namespace polder {

/// Each column in its parts (wire/manifest.h).  Throws Error bad_schema, naming the column and no
/// value, for a value that is not of its type; bad_input for a table without columns.
PreparedTable prepare_typed_table(const PlainTable& table, const TableHead& head,
                                  TableSecrets secrets, std::uint64_t created_ms);

}  // namespace polder
