// Rows out of CSV text as it streams by (libcsv, RFC 4180): any separator (dialect.h), LF, CRLF or
// CR, UTF-8 or UTF-16 (text_decoder.h). Whatever is not plainly right is an error that names the
// file, the row as a spreadsheet shows it, the column and the remedy; never a cell's content.
#pragma once

#include <csv.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "client/files/dialect.h"
#include "client/files/header.h"
#include "client/files/text.h"
#include "client/files/text_decoder.h"

namespace polder {

/// Cells of one row; valid until the handler returns.
using Cells = std::span<const std::string_view>;

struct CsvOptions {
  std::string file;  // the name in errors
  DialectOptions dialect = {};
  std::size_t max_cell_bytes = std::size_t{1} << 20;
  std::size_t max_columns = 4096;
};

struct CsvHandlers {
  std::function<void(const std::vector<std::string>& names)> header;
  /// `row` counts from 1 with the header, blank lines included. Blank lines, and rows of nothing
  /// but separators, are no rows.
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

  /// How the text is written; known when the header is.
  const Dialect& dialect() const { return dialect_; }
  std::string_view encoding() const { return decoder_.encoding(); }
  std::size_t header_row() const { return header_row_; }

  /// Rows of nothing but separators.
  std::size_t blank_rows() const { return blank_rows_; }

 private:
  static void on_cell(void* text, std::size_t bytes, void* self);
  static void on_line_end(int terminator, void* self);

  void take_text(std::span<const std::uint8_t> bytes);
  void take_checked(std::span<const std::uint8_t> bytes);
  void parse(std::span<const std::uint8_t> bytes);
  void take_cell(std::string_view cell);
  void take_row();
  void take_header(Cells cells);
  bool is_end_mark() const;
  void fit_row();
  void begin(bool at_end);
  [[noreturn]] void refuse(std::string_view what) const;
  [[noreturn]] void refuse_encoding() const;
  template <typename Action>
  void guard(Action action);

  CsvOptions options_;
  CsvHandlers handlers_;
  csv_parser parser_;
  TextDecoder decoder_;
  TextCheck check_;
  std::string head_;  // the beginning, until the dialect is known
  bool begun_ = false;
  Dialect dialect_;
  std::size_t end_marks_ = 0;  // Control-Z, at the end of what was taken so far
  bool ended_ = false;         // a line of Control-Z: nothing may follow
  std::size_t header_row_ = 0, blank_rows_ = 0;
  std::optional<std::size_t> wrong_;  // where the text is not UTF-8
  std::string wrong_text_;            // from there on, by which its encoding is guessed
  std::size_t offset_ = 0;            // bytes of the file taken
  std::size_t row_ = 1;               // the row being read
  bool after_return_ = false;         // the last byte ended a line and was CR: an LF belongs to it
  std::vector<std::string> names_;
  std::string text_;               // the current row's cells, end to end
  std::vector<std::size_t> ends_;  // of each cell in text_
  std::vector<std::string_view> cells_;
  std::exception_ptr error_;  // thrown inside libcsv's callbacks, which may not throw
};

/// Appends a cell as it stands in a CSV file: quoted if it must be, and after a comma unless it is
/// the line's first.
void append_csv_cell(std::string& line, std::string_view cell);

}  // namespace polder
