#include "client/files/dialect.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/error.h"
#include "client/files/header.h"

namespace polder {
namespace {

constexpr std::size_t looked_at = 30;  // rows
constexpr std::string_view separators = ",;\t|";

using Row = std::vector<std::string>;

/// The first rows of a text by one separator.
struct Scan {
  std::vector<Row> rows;           // blank lines are none
  std::vector<std::size_t> lines;  // where each begins
  std::size_t broken = 0;          // rows with a quote in the middle of a cell
};

class Scanner {
 public:
  Scanner(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  Scan scan(bool whole) {
    while (at_ < text_.size() && found_.rows.size() < looked_at) {
      const std::size_t line = line_;
      Row row;
      if (!take_row(row) && !whole && !found_.rows.empty()) break;  // cut off
      const bool blank = std::ranges::all_of(
          row, [](const std::string& cell) { return cell.find_first_not_of(" \t") == cell.npos; });
      if (blank) continue;
      found_.rows.push_back(std::move(row));
      found_.lines.push_back(line);
      found_.broken += broken_;
    }
    return std::move(found_);
  }

 private:
  /// Whether the row came to its end.
  bool take_row(Row& row) {
    broken_ = false;
    while (true) {
      row.push_back(take_cell());
      if (at_ == text_.size()) return false;
      const char end = text_[at_++];
      if (end == delimiter_) continue;
      if (end == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
      ++line_;
      return true;
    }
  }

  bool at_end() const {
    return at_ == text_.size() || text_[at_] == delimiter_ || text_[at_] == '\r' ||
           text_[at_] == '\n';
  }

  std::string take_cell() {
    if (at_ < text_.size() && text_[at_] == '"') return take_quoted();
    const std::size_t begin = at_;
    while (!at_end()) broken_ |= text_[at_++] == '"';
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string take_quoted() {
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        cell += text_[at_];
      } else if (text_.substr(at_ + 1).starts_with('"')) {
        cell += text_[++at_];
      } else {
        ++at_;
        break;
      }
    }
    while (!at_end()) {
      broken_ = true;
      cell += text_[at_++];
    }
    return cell;
  }

  std::string_view text_;
  const char delimiter_;
  std::size_t at_ = 0, line_ = 1;
  bool broken_ = false;
  Scan found_;
};

std::size_t named(const Row& row, const std::vector<std::string>& names) {
  std::size_t count = 0;
  for (const std::string& name : names) {
    count += std::ranges::any_of(row, [&, folded = folded_name(name)](const std::string& cell) {
      return folded_name(cell) == folded;
    });
  }
  return count;
}

/// The end of the n-th line.
std::size_t after_lines(std::string_view text, std::size_t lines) {
  std::size_t at = 0;
  for (; lines > 0 && at < text.size(); --lines) {
    at = std::min(text.find_first_of("\r\n", at), text.size());
    if (text.substr(at).starts_with("\r\n")) ++at;
    at = std::min(at + 1, text.size());
  }
  return at;
}

/// The separator of a first line sep=X, which spreadsheets write and read.
std::optional<char> said_in(std::string_view line) {
  if (line.starts_with('"') && line.ends_with('"') && line.size() == 7) line = line.substr(1, 5);
  const bool is_one = line.size() == 5 && (line.starts_with("sep=") || line.starts_with("SEP=") ||
                                           line.starts_with("Sep="));
  return is_one ? std::optional(line[4]) : std::nullopt;
}

char guessed(std::string_view text, bool whole, const std::vector<std::string>& names) {
  char best = ',';
  std::optional<std::tuple<bool, std::size_t, std::size_t, std::size_t>> best_rank;
  for (const char separator : separators) {
    const Scan scan = Scanner(text, separator).scan(whole);
    if (scan.rows.empty() && !best_rank) best = separator;  // there is nothing else in the text
    if (scan.rows.empty() || scan.rows[0].size() < 2) continue;
    const auto alike = static_cast<std::size_t>(std::ranges::count(
        scan.rows, scan.rows[0].size(), [](const Row& row) { return row.size(); }));
    const std::tuple rank(scan.broken == 0, named(scan.rows[0], names), alike, scan.rows[0].size());
    if (best_rank && rank <= *best_rank) continue;
    best = separator;
    best_rank = rank;
  }
  return best;
}

/// A separator that stands in the name of the only column, and not because it is quoted.
std::string lone_separator(std::string_view text, const Scan& scan) {
  if (scan.rows.empty() || scan.rows[0].size() != 1) return {};
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.starts_with('"')) return {};
  const std::string& name = scan.rows[0][0];
  for (const std::string_view sign : {",", ";", "\t", "|", "^", "~", ":", "¦", "\x1F", "\x01"}) {
    if (name.find(sign) == name.npos) continue;
    const bool usual = separators.find(sign) != separators.npos;
    if (usual || (scan.rows.size() > 1 && scan.rows[1][0].find(sign) != std::string::npos))
      return std::string(sign);
  }
  return {};
}

}  // namespace

Dialect find_dialect(std::string_view head, bool whole, const DialectOptions& options) {
  Dialect found;
  const std::string_view first = head.substr(0, head.find_first_of("\r\n"));
  const auto said = first.size() == head.size() ? std::nullopt : said_in(first);
  found.skipped_lines = std::max<std::size_t>(options.header_row, 1) - 1;
  if (said) found.skipped_lines = std::max<std::size_t>(found.skipped_lines, 1);
  found.skipped_bytes = after_lines(head, found.skipped_lines);
  const std::string_view text = head.substr(found.skipped_bytes);
  found.delimiter = options.delimiter != '\0' ? options.delimiter
                    : said                    ? *said
                                              : guessed(text, whole, options.names);

  const Scan scan = Scanner(text, found.delimiter).scan(whole);
  found.lone_separator = lone_separator(text, scan);
  if (options.names.empty() || scan.rows.empty()) return found;
  const std::vector<std::string> key{options.names.front()};
  if (named(scan.rows[0], key) > 0) return found;
  for (const char separator : separators) {
    const Scan other = Scanner(text, separator).scan(whole);
    for (std::size_t row = 1; row < other.rows.size() && found.likely_header == 0; ++row) {
      if (named(other.rows[row], key) > 0)
        found.likely_header = found.skipped_lines + other.lines[row];
    }
  }
  return found;
}

std::vector<std::string> first_row(std::string_view text, char delimiter) {
  Scan scan = Scanner(text, delimiter).scan(true);
  return scan.rows.empty() ? std::vector<std::string>() : std::move(scan.rows[0]);
}

char delimiter_named(std::string_view said) {
  if (said == "comma") return ',';
  if (said == "semicolon") return ';';
  if (said == "tab" || said == "\\t") return '\t';
  if (said == "pipe") return '|';
  const bool usable = said.size() == 1 && static_cast<unsigned char>(said[0]) < 0x80 &&
                      said.find_first_of("\"\r\n\0") == said.npos && said[0] != '\0';
  if (usable) return said[0];
  fail(Code::bad_input,
       "delimiter '{}' cannot separate cells; say comma, semicolon, tab, pipe or one ASCII "
       "character",
       said);
}

std::string shown_delimiter(char delimiter) {
  if (delimiter == '\t') return "tab";
  if (delimiter < ' ') return fmt::format("U+{:04X}", delimiter);
  return std::string(1, delimiter);
}

}  // namespace polder
