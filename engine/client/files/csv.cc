#include "client/files/csv.h"

#include <algorithm>

#include "base/bits.h"
#include "client/files/file_kind.h"

namespace polder {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;  // a cell's size is looked at after each piece
constexpr std::size_t head_bytes = 64 * 1024;   // by which the dialect is found
constexpr std::size_t wrong_bytes = 4096;       // by which another encoding is guessed
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr char end_mark = '\x1A';  // Control-Z, which old systems put at a text's end

int never_space(unsigned char) { return 0; }  // spaces belong to the cell

}  // namespace

CsvParser::CsvParser(CsvOptions options, CsvHandlers handlers)
    : options_(std::move(options)), handlers_(std::move(handlers)), decoder_(options_.file) {
  const unsigned char strict = CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL;
  if (csv_init(&parser_, strict) != 0) fail(Code::internal, "the CSV reader could not start");
  csv_set_space_func(&parser_, never_space);
  csv_set_blk_size(&parser_, piece_bytes);
}

CsvParser::~CsvParser() { csv_free(&parser_); }

void CsvParser::refuse(std::string_view what) const {
  const std::size_t column = ends_.size();
  const bool has_name = column < names_.size() && !names_[column].empty();
  const std::string named =
      has_name ? fmt::format("column '{}'", names_[column]) : fmt::format("column {}", column + 1);
  fail(Code::bad_input, "{}: row {}, {}: {}", options_.file, row_, named, what);
}

void CsvParser::feed(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), piece_bytes));
    decoder_.feed(piece, [this](auto text) { take_text(text); });
    bytes = bytes.subspan(piece.size());
  }
}

void CsvParser::take_text(std::span<const std::uint8_t> bytes) {
  if (wrong_) {
    wrong_text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (wrong_text_.size() >= wrong_bytes) refuse_encoding();
    return;
  }
  const auto finding = check_.feed(bytes);
  take_checked(finding ? bytes.first(finding->position) : bytes);  // row_ and ends_ say where
  if (!finding) return;
  if (!begun_) begin(true);
  const std::size_t at = offset_ + end_marks_ - finding->begun;
  if (finding->fault == TextFault::nul)
    refuse(fmt::format("a NUL byte at byte {} of the file; export it again as CSV text", at));
  wrong_ = at;
  take_text(bytes.subspan(finding->position));
}

/// Says where and, as well as what follows tells, in which encoding.
void CsvParser::refuse_encoding() const {
  const std::string likely = likely_encoding(std::string_view(wrong_text_).substr(0, wrong_bytes));
  refuse(fmt::format("byte {} of the file is not UTF-8{}; save the file as CSV UTF-8", *wrong_,
                     likely.empty() ? "" : fmt::format(" but probably {}", likely)));
}

/// Holds Control-Z back until something follows: at the end it belongs to no cell.
void CsvParser::take_checked(std::span<const std::uint8_t> bytes) {
  const auto last = std::find_if(bytes.rbegin(), bytes.rend(),
                                 [](std::uint8_t byte) { return byte != end_mark; });
  const auto text = bytes.first(static_cast<std::size_t>(bytes.rend() - last));
  if (!text.empty()) {
    const std::string held(std::exchange(end_marks_, 0), end_mark);
    if (!held.empty()) parse(bytes_of(std::string_view(held)));
    parse(text);
  }
  end_marks_ += bytes.size() - text.size();
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

/// Starts parsing once enough is known to tell the dialect (or there will be no more).
void CsvParser::begin(bool at_end) {
  if (!at_end && head_.size() < head_bytes) return;
  begun_ = true;
  dialect_ = find_dialect(head_, at_end, options_.dialect);
  csv_set_delim(&parser_, static_cast<unsigned char>(dialect_.delimiter));
  row_ += dialect_.skipped_lines;
  const std::string head = head_.substr(dialect_.skipped_bytes);
  head_.clear();
  offset_ += decoder_.mark_bytes();
  offset_ -= head.size();
  parse(bytes_of(std::string_view(head)));
}

void CsvParser::finish() {
  decoder_.finish([this](auto text) { take_text(text); });
  if (wrong_) refuse_encoding();
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
  const bool blank = text_.find_first_not_of(" \t") == std::string::npos;
  if (blank || is_end_mark()) {
    blank_rows_ += blank && cells_.size() > 1;
    ended_ |= !blank;
  } else if (ended_) {
    refuse("it follows a line of Control-Z (U+001A), the mark of a file's end; remove that line");
  } else if (names_.empty()) {
    take_header(cells_);
  } else {
    fit_row();
    handlers_.row(row_, cells_);
  }
  text_.clear();
  ends_.clear();
}

bool CsvParser::is_end_mark() const {
  return cells_.size() == 1 && text_.find_first_not_of(end_mark) == std::string::npos;
}

/// A row has a cell for each column; those that are missing or too many may be of unnamed columns.
void CsvParser::fit_row() {
  if (cells_.size() == names_.size()) return;
  const std::size_t common = std::min(cells_.size(), names_.size());
  const bool fits = std::all_of(cells_.begin() + static_cast<std::ptrdiff_t>(common), cells_.end(),
                                [](std::string_view cell) { return cell.empty(); }) &&
                    std::all_of(names_.begin() + static_cast<std::ptrdiff_t>(common), names_.end(),
                                [](const std::string& name) { return name.empty(); });
  if (!fits) {
    fail(Code::bad_input,
         "{}: row {} has {} cells, the header has {}; quote cells that hold a separator, and fill "
         "up short rows",
         options_.file, row_, cells_.size(), names_.size());
  }
  cells_.resize(names_.size());
}

void CsvParser::take_header(Cells cells) {
  if (!dialect_.lone_separator.empty()) {
    fail(Code::bad_schema,
         "{}: row {}: the header is one column whose name holds '{}'; if that separates the "
         "columns, say so with --delimiter, else put the name in quotes",
         options_.file, row_, dialect_.lone_separator);
  }
  for (const std::string_view cell : cells) names_.push_back(shown_name(cell));
  header_row_ = row_;
  handlers_.header(names_);
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

}  // namespace polder
