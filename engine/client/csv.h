// Rows out of CSV text as it streams by (libcsv, RFC 4180): commas, semicolons or tabs, LF, CRLF or
// CR, an optional byte order mark. Whatever is not plainly right is an error that names the file,
// the row as a spreadsheet shows it, the column and the remedy; never a cell's content.
#pragma once

#include <csv.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "client/text.h"

namespace polder {

/// Cells of one row; valid until the handler returns.
using Cells = std::span<const std::string_view>;

struct CsvOptions {
  std::string file;       // the name in errors
  char delimiter = '\0';  // 0: comma, unless the first line has none but a semicolon or a tab
  std::size_t max_cell_bytes = std::size_t{1} << 20;
  std::size_t max_columns = 4096;
};

struct CsvHandlers {
  std::function<void(const std::vector<std::string>& names)> header;
  /// `row` counts from 1 with the header, blank lines included. Blank lines are no rows.
  std::function<void(std::size_t row, Cells cells)> row;
};

class CsvParser {
 public:
  CsvParser(CsvOptions options, CsvHandlers handlers);
  ~CsvParser();
  CsvParser(const CsvParser&) = delete;
  CsvParser& operator=(const CsvParser&) = delete;

  /// Takes the next bytes, of any number. Throws Error bad_input, and what a handler throws.
  void feed(std::span<const std::uint8_t> bytes);

  /// The text is over. Throws as feed; also if there was no header.
  void finish();

 private:
  static void on_cell(void* text, std::size_t bytes, void* self);
  static void on_line_end(int terminator, void* self);

  void feed_checked(std::span<const std::uint8_t> bytes);
  void parse(std::span<const std::uint8_t> bytes);
  void take_cell(std::string_view cell);
  void take_row();
  void take_header(Cells cells);
  void find_delimiter();
  void begin(bool at_end);
  [[noreturn]] void refuse(std::string_view what) const;
  template <typename Action>
  void guard(Action action);

  CsvOptions options_;
  CsvHandlers handlers_;
  csv_parser parser_;
  TextCheck check_;
  std::string head_;  // the bytes before the first line end, until the delimiter is known
  bool begun_ = false;
  std::size_t offset_ = 0;     // bytes of the file taken
  std::size_t row_ = 1;        // the row being read
  bool after_return_ = false;  // the last byte ended a line and was CR: an LF belongs to it
  std::vector<std::string> names_;
  std::string text_;               // the current row's cells, end to end
  std::vector<std::size_t> ends_;  // of each cell in text_
  std::vector<std::string_view> cells_;
  std::exception_ptr error_;  // thrown inside libcsv's callbacks, which may not throw
};

/// Position of a column. Throws Error bad_schema that lists the columns that exist.
std::size_t column_position(const std::vector<std::string>& names, std::string_view column,
                            std::string_view file);

/// Appends a cell as it stands in a CSV file: quoted if it must be, and after a comma unless it is
/// the line's first.
void append_csv_cell(std::string& line, std::string_view cell);

/// Names between quotes with commas: 'a', 'b' (at most ten, then "and 7 more").
std::string quoted_list(std::span<const std::string> names);

}  // namespace polder
