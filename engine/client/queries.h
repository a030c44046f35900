// Whom a look-up asks about, as people write it: one identifier a line, or a table with a header.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/key_column.h"

namespace polder {

/// The identifiers in an input that is read like a file: of lines each one, of a table whose header
/// names the key's columns the cells of these, with commas between. A first line that is only the
/// column's name, and blank lines, are none. Throws Error bad_input naming the line or row.
std::vector<std::string> queries_in(std::string_view input, const std::vector<KeyColumn>& key);

/// The cells of one line of CSV text, of so many columns; of one, the line itself unless quoted.
std::vector<std::string> query_cells(const std::string& line, std::size_t columns);

}  // namespace polder
