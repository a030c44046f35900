// A table in the clear, as an owner or a test has it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/memory.h"
#include "plan/type.h"

namespace polder {

struct PlainColumn {
  std::string name;
  Type type;
  Words values;            // as stored, ceil(width / 64) words a row; 0 where missing
  std::vector<bool> null;  // empty: nothing is missing
};

struct PlainTable {
  std::size_t rows = 0;
  std::vector<PlainColumn> columns;
};

using PlainTables = std::map<std::string, PlainTable, std::less<>>;

/// Throws Error bad_schema, naming the column and the remedy and no value, unless every value is
/// within its type.
void require_within_types(const PlainTable& table);

}  // namespace polder
