#include "client/files/columns.h"

#include <algorithm>

#include "base/error.h"
#include "client/identifiers/iban.h"

namespace polder {
namespace {

constexpr std::string_view usual_key = "client_id";

bool is_number(std::string_view text) {
  const auto is_part = [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == ' ' || c == '/';
  };
  return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
         std::ranges::all_of(text, is_part);
}

/// The columns that have a name, or where they are.
std::vector<std::string> shown_columns(const std::vector<std::string>& header) {
  std::vector<std::string> shown;
  for (const std::string& name : header) {
    if (!name.empty()) shown.push_back(name);
  }
  return shown;
}

std::string likely(const CsvParser& parser) {
  const std::size_t row = parser.dialect().likely_header;
  if (row == 0) return {};
  return fmt::format(
      "; row {} looks like the header: remove the lines above it, or say "
      "--header-row {}",
      row, row);
}

std::vector<std::string> key_of(const CsvParser& parser, const std::vector<std::string>& header,
                                const std::string& file) {
  const auto usual = std::ranges::find(header, usual_key, folded_name);
  if (usual != header.end()) return {*usual};
  const std::vector<std::string> named = shown_columns(header);
  if (named.size() == 1 && likely(parser).empty()) return {named[0]};
  fail(Code::bad_schema,
       "{}: row {}: none of the columns is called client_id, so it is not clear which one says who "
       "a client is; the columns are {}{}",
       file, parser.header_row(), quoted_list(named),
       likely(parser).empty() ? "; say which with --id COL" : likely(parser));
}

/// What is told apart in the form of a cell: runs of letters, of digits, and all other signs.
std::string form_of(std::string_view cell) {
  std::string form;
  for (const char c : cell) {
    const bool digit = c >= '0' && c <= '9';
    const bool sign = static_cast<unsigned char>(c) < 0x80 && !digit && !(c >= 'a' && c <= 'z') &&
                      !(c >= 'A' && c <= 'Z');
    const char kind = digit ? '9' : sign ? c : 'a';
    if (!form.ends_with(kind) || sign) form += kind;
  }
  return form;
}

/// Whether a cell is a name, once folded. Most cells are told apart by their length.
bool is_called(std::string_view cell, std::string_view folded) {
  cell.remove_prefix(std::min(cell.find_first_not_of(" \t"), cell.size()));
  cell.remove_suffix(cell.size() - (cell.find_last_not_of(" \t") + 1));
  const auto lowered = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (cell.size() == folded.size() && std::ranges::equal(cell, folded, {}, lowered)) return true;
  constexpr std::size_t longest_growth = 4;  // of a name by other spellings of its letters
  if (cell.size() > longest_growth * (folded.size() + 4)) return false;
  const bool ascii =
      std::ranges::all_of(cell, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return !ascii && folded_name(cell) == folded;
}

}  // namespace

std::vector<std::string> ColumnNames::wanted() const {
  std::vector<std::string> names = key;
  if (key.empty()) names.emplace_back(usual_key);
  for (const std::string& name : {flag, attribute, report}) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

UsedColumns used_columns(const ColumnNames& names, const CsvParser& parser,
                         const std::vector<std::string>& header, const std::string& file) {
  const auto position = [&](const std::string& name) {
    try {
      return column_position(header, name, file);
    } catch (const Error& error) {
      fail(error.code(), "{}{}", error.what(), likely(parser));
    }
  };
  UsedColumns used;
  for (const std::string& column : names.key.empty() ? key_of(parser, header, file) : names.key) {
    const std::size_t at = position(column);
    if (std::ranges::find(used.key, at) != used.key.end())
      fail(Code::bad_input, "{}: the key names column '{}' twice; name each column once", file,
           column);
    used.key.push_back(at);
    const std::string value = folded_name(column);
    const bool iban = !iban_in(value).empty(), comment = value.starts_with('#');
    if (iban || comment || is_number(value)) {
      fail(Code::bad_schema,
           "{}: row {}, column {}: what should be the name of the key column is {}; the first row "
           "must name the columns{}",
           file, parser.header_row(), at + 1,
           iban      ? "an IBAN"
           : comment ? "a comment"
                     : "a number",
           likely(parser));
    }
  }
  if (!names.flag.empty()) used.flag = position(names.flag);
  if (!names.attribute.empty()) used.attribute = position(names.attribute);
  if (!names.report.empty()) used.report = position(names.report);
  return used;
}

HeaderWatch::HeaderWatch(const std::vector<std::string>& key, std::string file, bool guessed)
    : file_(std::move(file)) {
  for (const std::string& name : key) names_.push_back(folded_name(name));
  guessed_ = guessed && names_[0] != usual_key;
}

void HeaderWatch::check(std::size_t row, const std::vector<std::string_view>& key_cells) {
  if (first_ && guessed_) check_first(key_cells[0]);
  first_ = false;
  const bool is_header = std::ranges::equal(key_cells, names_, is_called);
  const bool is_usual = guessed_ && is_called(key_cells[0], usual_key);
  if (is_header)
    fail(Code::bad_input,
         "{}: row {} repeats the header; were files joined? Remove that row, and look for others",
         file_, row);
  if (is_usual)
    fail(Code::bad_input,
         "{}: row {} looks like the header; remove the lines above it, or say --header-row {}",
         file_, row, row);
}

/// A name of the form of an identifier: K2 above K3.
void HeaderWatch::check_first(std::string_view cell) const {
  const std::string form = form_of(names_[0]);
  const bool plain = form.find_first_not_of("a _-") == form.npos;
  if (plain || form != form_of(cell)) return;
  fail(
      Code::bad_input,
      "{}: the name of the only column has the form of the values below it, so it may be a client; "
      "the first row must name the columns (or say --id with that name)",
      file_);
}

}  // namespace polder
