// How a CSV text is written: what separates its cells, and in which row its header is, found from
// its beginning or said by its user.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace polder {

/// What a user says of a file; what is not said is found.
struct DialectOptions {
  char delimiter = '\0';                // 0: not said
  std::size_t header_row = 0;           // a line, from 1; 0: the first that is not blank
  std::vector<std::string> names = {};  // of columns that the header should have, the key's first
};

struct Dialect {
  char delimiter = ',';
  std::size_t skipped_bytes = 0;  // before the header: lines that were said to be no part of it
  std::size_t skipped_lines = 0;
  std::size_t likely_header = 0;  // a later line that has the key's name, while the header has not
  std::string lone_separator = {};  // in the name of the only column; empty: none
};

/// `head`: the text's beginning; `whole`: there is no more of it. The separator is that of a line
/// sep=X, or else, of those by which the header has several cells, the one that gives most of the
/// columns that are asked for, then most rows as many cells as the header, then most cells.
/// Separators within quotes do not count.
Dialect find_dialect(std::string_view head, bool whole, const DialectOptions& options);

/// The cells of a text's first row that is not blank, also where it is not plainly right.
std::vector<std::string> first_row(std::string_view text, char delimiter);

/// A separator by its character or name: comma, semicolon, tab (\t), pipe.  Throws Error bad_input.
char delimiter_named(std::string_view said);

/// How a separator is shown: ',' ';' tab '|'.
std::string shown_delimiter(char delimiter);

}  // namespace polder
