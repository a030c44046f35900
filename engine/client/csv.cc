#include "client/csv.h"

#include <algorithm>

#include "base/bits.h"

namespace polder {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;  // a cell's size is looked at after each piece
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

int never_space(unsigned char) { return 0; }  // spaces belong to the cell

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

CsvParser::CsvParser(CsvOptions options, CsvHandlers handlers)
    : options_(std::move(options)), handlers_(std::move(handlers)) {
  const unsigned char strict = CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL;
  if (csv_init(&parser_, strict) != 0) fail(Code::internal, "the CSV reader could not start");
  csv_set_space_func(&parser_, never_space);
  csv_set_blk_size(&parser_, piece_bytes);
}

CsvParser::~CsvParser() { csv_free(&parser_); }

void CsvParser::refuse(std::string_view what) const {
  const std::size_t column = ends_.size();
  const std::string named = column < names_.size() ? fmt::format("column '{}'", names_[column])
                                                   : fmt::format("column {}", column + 1);
  fail(Code::bad_input, "{}: row {}, {}: {}", options_.file, row_, named, what);
}

void CsvParser::feed(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), piece_bytes));
    feed_checked(piece);
    bytes = bytes.subspan(piece.size());
  }
}

void CsvParser::feed_checked(std::span<const std::uint8_t> bytes) {
  const auto finding = check_.feed(bytes);
  parse(finding ? bytes.first(finding->position) : bytes);  // so that row_ and ends_ say where
  if (!finding) return;
  const std::size_t at = offset_ - finding->begun;
  if (!begun_) begin(true);
  if (finding->fault == TextFault::nul)
    refuse(fmt::format("a NUL byte at byte {} of the file; export it again as CSV text", at));
  refuse(fmt::format("byte {} of the file is not UTF-8; save the file as CSV UTF-8", at));
}

void CsvParser::parse(std::span<const std::uint8_t> bytes) {
  offset_ += bytes.size();
  if (!begun_) {
    head_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    begin(false);
    return;
  }
  const std::size_t done =
      csv_parse(&parser_, bytes.data(), bytes.size(), on_cell, on_line_end, this);
  if (error_) std::rethrow_exception(error_);
  if (done != bytes.size()) {
    refuse("a quote in the middle of a cell; put the whole cell in quotes and double those in it");
  }
  if (parser_.entry_pos > options_.max_cell_bytes) {
    refuse(fmt::format("the cell is larger than {} bytes; is a closing quote missing?",
                       options_.max_cell_bytes));
  }
}

/// Starts parsing once the first line is known (or there will be no more of it).
void CsvParser::begin(bool at_end) {
  const bool whole_line = head_.find_first_of("\r\n") != std::string::npos;
  if (!whole_line && !at_end && head_.size() <= options_.max_cell_bytes) return;
  begun_ = true;
  if (head_.starts_with(byte_order_mark)) head_.erase(0, byte_order_mark.size());
  find_delimiter();
  const std::string head = std::move(head_);
  offset_ -= head.size();
  parse({reinterpret_cast<const std::uint8_t*>(head.data()), head.size()});
}

void CsvParser::find_delimiter() {
  char delimiter = options_.delimiter;
  if (delimiter == '\0') {
    const std::string_view line = std::string_view(head_).substr(0, head_.find_first_of("\r\n"));
    delimiter = ',';
    if (line.find(',') == line.npos) {
      if (line.find(';') != line.npos)
        delimiter = ';';
      else if (line.find('\t') != line.npos)
        delimiter = '\t';
    }
  }
  csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
}

void CsvParser::finish() {
  if (!begun_) begin(true);
  if (check_.unfinished()) {
    refuse("the file ends within a character; save it as CSV UTF-8, or copy it again");
  }
  const int result = csv_fini(&parser_, on_cell, on_line_end, this);
  if (error_) std::rethrow_exception(error_);
  if (result != 0) refuse("the file ends within quotes; close the quote or copy the file again");
  if (names_.empty()) {
    fail(Code::bad_input,
         "{}: the file is empty; its first row must name the columns (a party without clients is a "
         "header without rows)",
         options_.file);
  }
}

template <typename Action>
void CsvParser::guard(Action action) {
  if (error_) return;
  try {
    action();
  } catch (...) {
    error_ = std::current_exception();
  }
}

void CsvParser::on_cell(void* text, std::size_t bytes, void* self) {
  auto* parser = static_cast<CsvParser*>(self);
  parser->guard([&] { parser->take_cell({static_cast<const char*>(text), bytes}); });
}

void CsvParser::on_line_end(int terminator, void* self) {
  auto* parser = static_cast<CsvParser*>(self);
  if (terminator == '\n' && parser->after_return_ && parser->ends_.empty()) {
    parser->after_return_ = false;
    return;
  }
  parser->after_return_ = terminator == '\r';
  parser->guard([&] {
    parser->take_row();
    ++parser->row_;
  });
}

void CsvParser::take_cell(std::string_view cell) {
  after_return_ = false;
  if (cell.size() > options_.max_cell_bytes) {
    refuse(fmt::format("the cell is larger than {} bytes; is a closing quote missing?",
                       options_.max_cell_bytes));
  }
  if (ends_.size() == options_.max_columns) {
    refuse(
        fmt::format("more than {} columns; keep the ones that are needed", options_.max_columns));
  }
  text_.append(cell);
  ends_.push_back(text_.size());
}

void CsvParser::take_row() {
  cells_.clear();
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    cells_.emplace_back(text_.data() + begin, end - begin);
    begin = end;
  }
  if (names_.empty()) {
    take_header(cells_);
  } else if (!cells_.empty()) {
    if (cells_.size() != names_.size()) {
      fail(Code::bad_input,
           "{}: row {} has {} cells, the header has {}; quote cells that hold a "
           "separator, and fill up short rows",
           options_.file, row_, cells_.size(), names_.size());
    }
    handlers_.row(row_, cells_);
  }
  text_.clear();
  ends_.clear();
}

void CsvParser::take_header(Cells cells) {
  if (cells.empty()) return;  // blank lines before the header
  std::vector<std::string> names;
  for (const std::string_view cell : cells) names.emplace_back(trimmed(cell));
  auto sorted = names;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) {
    fail(Code::bad_schema, "{}: the header names column '{}' twice; rename or remove one",
         options_.file, *twice);
  }
  names_ = std::move(names);
  handlers_.header(names_);
}

std::size_t column_position(const std::vector<std::string>& names, std::string_view column,
                            std::string_view file) {
  const auto found = std::find(names.begin(), names.end(), column);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  fail(Code::bad_schema, "{}: there is no column '{}'; the columns are {}", file, column,
       quoted_list(names));
}

void append_csv_cell(std::string& line, std::string_view cell) {
  if (!line.empty()) line += ',';
  // An empty cell is quoted too: alone it would be a blank line, which is no row.
  const bool quote = cell.empty() || cell.find_first_of(",;\t\"\r\n") != std::string_view::npos ||
                     cell.starts_with(byte_order_mark);
  if (!quote) {
    line += cell;
    return;
  }
  line += '"';
  for (const char c : cell) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

std::string quoted_list(std::span<const std::string> names) {
  constexpr std::size_t shown = 10;
  std::string list;
  for (const std::string& item : names.first(std::min(names.size(), shown))) {
    list += fmt::format("{}'{}'", list.empty() ? "" : ", ", item);
  }
  if (names.size() > shown) list += fmt::format(" and {} more", names.size() - shown);
  return list;
}

}  // namespace polder
