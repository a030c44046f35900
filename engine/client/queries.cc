#include "client/queries.h"

#include <algorithm>

#include "base/error.h"
#include "client/files/csv.h"
#include "client/files/file_kind.h"
#include "client/files/text.h"
#include "client/files/text_decoder.h"

namespace polder {
namespace {

constexpr std::string_view input_name = "the input";

std::string decoded(std::string_view input) {
  std::string text;
  const auto take = [&](std::span<const std::uint8_t> utf8) {
    text.append(reinterpret_cast<const char*>(utf8.data()), utf8.size());
  };
  TextDecoder decoder{std::string(input_name)};
  decoder.feed(bytes_of(input), take);
  decoder.finish(take);
  text.erase(text.find_last_not_of('\x1A') + 1);
  return text;
}

void check_text(const std::string& text) {
  TextCheck check;
  const auto found = check.feed(bytes_of(std::string_view(text)));
  if (!found && !check.unfinished()) return;
  const std::size_t at = found ? found->position : text.size();
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::string likely =
      likely_encoding(std::string_view(text).substr(at - (found ? found->begun : 0)));
  fail(Code::bad_input, "line {} of {} is not UTF-8{}; write it in UTF-8", line, input_name,
       likely.empty() ? "" : fmt::format(" but probably {}", likely));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.find_first_not_of(" \t\x1A") != line.npos) lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The rows of a table, of the key's columns.
std::vector<std::string> rows_of(const std::string& text, const std::vector<std::string>& names) {
  std::vector<std::string> rows;
  std::vector<std::size_t> at;
  CsvParser parser({.file = std::string(input_name), .dialect = {.names = names}},
                   {.header =
                        [&](const auto& header) {
                          for (const std::string& name : names)
                            at.push_back(column_position(header, name, input_name));
                        },
                    .row =
                        [&](std::size_t, Cells cells) {
                          std::string row;
                          if (at.size() == 1) row = cells[at[0]];
                          for (std::size_t i = 0; i < at.size() && at.size() > 1; ++i)
                            append_csv_cell(row, cells[at[i]]);
                          rows.push_back(std::move(row));
                        }});
  parser.feed(bytes_of(text));
  parser.finish();
  return rows;
}

}  // namespace

std::vector<std::string> query_cells(const std::string& line, std::size_t columns) {
  if (columns == 1 && !line.starts_with('"')) return {line};
  std::vector<std::string> cells;
  for (const char separator : {',', ';', '\t', '|'}) {
    cells = first_row(line, separator);
    if (cells.size() == columns) break;
  }
  return cells;
}

std::vector<std::string> queries_in(std::string_view input, const std::vector<KeyColumn>& key) {
  const std::string text = decoded(input);
  check_text(text);
  std::vector<std::string> lines = lines_of(text);
  if (lines.empty()) fail(Code::bad_input, "the input has no line; write one identifier on each");

  std::vector<std::string> names;
  for (const KeyColumn& column : key) names.push_back(column.name);
  if (names.empty()) names.emplace_back("client_id");
  const Dialect dialect = find_dialect(text, true, {.names = names});
  const std::vector<std::string> first =
      first_row(std::string_view(text).substr(dialect.skipped_bytes), dialect.delimiter);
  const bool is_header = std::ranges::all_of(names, [&](const std::string& name) {
    return std::ranges::find(first, folded_name(name), folded_name) != first.end();
  });
  if (is_header) return rows_of(text, names);
  if (names.size() == 1 && folded_name(lines[0]) == "client_id") lines.erase(lines.begin());
  return lines;
}

}  // namespace polder
