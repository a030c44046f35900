#include "client/files/party_file.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

#include "client/files/columns.h"
#include "client/files/csv.h"
#include "client/files/input_file.h"
#include "client/files/key_columns.h"
#include "client/identifiers/column_watch.h"
#include "client/identifiers/exact.h"
#include "client/identifiers/fold.h"
#include "crypto/hash.h"

namespace polder {
namespace {

constexpr std::size_t max_rows = std::size_t{1} << 31;  // what a table may have

/// Nothing for what has no such form.
std::optional<std::string> in_form(std::string (*form)(std::string_view), std::string_view cell) {
  try {
    return form(cell);
  } catch (const Error&) {
    return {};  // said with its place by who asks
  }
}

/// 1, true, yes or 0, false, no in any case; nothing for anything else.
std::optional<bool> flag_value(std::string_view cell) {
  const auto value = in_form(fold, cell);
  if (value == "1" || value == "true" || value == "yes") return true;
  if (value == "0" || value == "false" || value == "no") return false;
  return {};
}

std::optional<std::int64_t> whole_number(std::string_view cell) {
  const auto value = in_form(exact_form, cell);
  if (!value) return {};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error != std::errc{} || end != value->data() + value->size()) return {};
  return number;
}

/// Whether one of the reports in `all` is this one.
bool contains_report(std::string_view all, std::string_view report) {
  for (std::size_t at = all.find(report); at != std::string_view::npos;
       at = all.find(report, at + 1)) {
    const std::string_view before = all.substr(0, at), after = all.substr(at + report.size());
    if ((before.empty() || before.ends_with(report_separator)) &&
        (after.empty() || after.starts_with(report_separator))) {
      return true;
    }
  }
  return false;
}

/// Where each 128-bit hash first appeared: open addressing over row numbers, at most half full.
class FirstSeen {
 public:
  /// The earlier index of this hash, or none and `index` is noted. `hashes` holds all up to index.
  std::optional<std::uint32_t> find_or_add(const Words& hashes, std::uint32_t index) {
    if (2 * (used_ + 1) > slots_.size()) grow(hashes);
    const std::uint64_t low = hashes[2 * index], high = hashes[2 * index + 1];
    std::uint32_t& slot = slot_of(hashes, low, high);
    if (slot != free) return slot;
    slot = index;
    ++used_;
    return {};
  }

 private:
  static constexpr std::uint32_t free = ~std::uint32_t{0};

  std::uint32_t& slot_of(const Words& hashes, std::uint64_t low, std::uint64_t high) {
    for (std::size_t i = low & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
      const std::size_t at = slots_[i];
      if (at == free || (hashes[2 * at] == low && hashes[2 * at + 1] == high)) return slots_[i];
    }
  }

  void grow(const Words& hashes) {
    const std::vector<std::uint32_t> old = std::exchange(
        slots_, std::vector<std::uint32_t>(std::max<std::size_t>(1024, 2 * slots_.size()), free));
    for (const std::uint32_t at : old) {
      if (at != free) slot_of(hashes, hashes[2 * at], hashes[2 * at + 1]) = at;
    }
  }

  std::vector<std::uint32_t> slots_;
  std::size_t used_ = 0;
};

/// Takes the rows of one file.
class Reader {
 public:
  Reader(const std::string& path, PartyFileOptions options)
      : options_(std::move(options)),
        names_wanted_(wanted(options_)),
        parser_({.file = path,
                 .dialect = {.delimiter = options_.delimiter,
                             .header_row = options_.header_row,
                             .names = names_wanted_.wanted()}},
                {.header = [this](const auto& names) { take_header(names); },
                 .row = [this](std::size_t row, Cells cells) { take_row(row, cells); }}) {
    party_.file = path;
    party_.has_flags = !options_.flag.empty();
    party_.attribute = options_.attribute;
    party_.report = options_.report;
  }

  void feed(std::span<const std::uint8_t> bytes) { parser_.feed(bytes); }

  PartyFile finish() && {
    parser_.finish();
    party_.reading = {.encoding = std::string(parser_.encoding()),
                      .delimiter = parser_.dialect().delimiter,
                      .header_row = parser_.header_row(),
                      .blank_rows = parser_.blank_rows()};
    warn_of_columns();
    warn_of_most_frequent();
    return std::move(party_);
  }

 private:
  static ColumnNames wanted(const PartyFileOptions& options) {
    ColumnNames names{
        .flag = options.flag, .attribute = options.attribute, .report = options.report};
    for (const std::string& item : options.key)
      names.key.push_back(key_column_in(item, options.kind).name);
    return names;
  }

  void take_header(const std::vector<std::string>& names) {
    names_ = names;
    used_ = used_columns(names_wanted_, parser_, names, party_.file);
    take_key();
    watch_.emplace(party_.identifiers.key, party_.file, options_.key.empty());
  }

  void take_row(std::size_t row, Cells cells) {
    if (++party_.rows > max_rows) {
      fail(Code::bad_input, "{}: more than {} rows; split the file", party_.file, max_rows);
    }
    key_cells_.clear();
    for (const std::size_t column : used_.key) key_cells_.push_back(cells[column]);
    watch_->check(row, key_cells_);
    const bool flagged = used_.flag && read_flag(row, cells[*used_.flag]);
    const std::int64_t attribute =
        used_.attribute ? read_attribute(row, cells[*used_.attribute]) : 0;
    if (const auto missing = read_key(row)) return leave_out(row, *missing);
    for (std::size_t part = 0; part < used_.key.size(); ++part)
      watches_[part].see(row, key_cells_[part], form_->parts()[part]);
    add(identifier_hash(options_.matching_key, form_->bytes()),
        {.number = row, .cells = cells, .flagged = flagged, .attribute = attribute});
  }

  [[noreturn]] void refuse(std::size_t row, std::size_t column, std::string_view what) const {
    fail(Code::bad_input, "{}: row {}, column '{}': {}", party_.file, row, names_[column], what);
  }

  void take_key() {
    for (std::size_t part = 0; part < used_.key.size(); ++part) {
      const std::string& name = names_[used_.key[part]];
      party_.key.push_back(
          key_column_in(options_.key.empty() ? name : options_.key[part], options_.kind));
      party_.key.back().name = name;
      party_.identifiers.key.push_back(name);
      watches_.emplace_back(kind_named(party_.key.back().kind));
    }
    form_.emplace(form_of(party_.key, options_.placeholders));
  }

  bool read_flag(std::size_t row, std::string_view cell) const {
    const auto value = flag_value(cell);
    if (!value) refuse(row, *used_.flag, "not a flag; write 1 or 0, true or false, yes or no");
    return *value;
  }

  std::int64_t read_attribute(std::size_t row, std::string_view cell) const {
    const auto value = whole_number(cell);
    if (!value) refuse(row, *used_.attribute, "not a whole number of at most 64 bits");
    if (*value > largest_attribute || *value < -largest_attribute) {
      refuse(row, *used_.attribute,
             fmt::format("larger than {} (2^42), the most that can be added up; write it in a "
                         "larger unit",
                         largest_attribute));
    }
    return *value;
  }

  std::optional<KeyForm::Missing> read_key(std::size_t row) {
    try {
      return form_->take(key_cells_);
    } catch (const KeyFault& fault) {
      refuse(row, used_.key[fault.part()], fault.what());
    }
  }

  void leave_out(std::size_t row, const KeyForm::Missing& missing) {
    const bool placeholder = missing.state == NormalForm::State::placeholder;
    if (options_.empty == EmptyIdentifiers::refuse) {
      refuse(row, used_.key[missing.part],
             placeholder
                 ? "the identifier is a word for no value; fill it in, read the file without "
                   "--strict to leave such rows out, or with --keep-placeholders if it is one"
                 : "the identifier is empty; fill it in, or read the file without --strict "
                   "to leave such rows out");
    }
    ++party_.empty_rows;
    if (placeholder) ++party_.placeholder_rows;
  }

  void warn_of_columns() {
    for (std::size_t part = 0; part < watches_.size(); ++part) {
      for (const std::string& warning : watches_[part].warnings())
        party_.warnings.push_back(fmt::format("column '{}': {}", party_.key[part].name, warning));
    }
  }

  /// Perhaps a word for "no value" that is not known here.
  void warn_of_most_frequent() {
    constexpr std::size_t few = 20, one_in = 100;
    if (max_rows_ < few || max_rows_ * one_in < party_.rows) return;
    party_.warnings.push_back(
        fmt::format("the identifier of row {} is in {} of {} rows; if it stands for no value, all "
                    "banks may have it",
                    max_rows_last_, max_rows_, party_.rows));
  }

  struct Row {
    std::size_t number;
    Cells cells;
    bool flagged;
    std::int64_t attribute;
  };

  void add(const Digest128& identifier, const Row& row) {
    const auto hash = std::bit_cast<std::array<std::uint64_t, 2>>(identifier);
    const std::size_t index = party_.size();
    party_.hashes.insert(party_.hashes.end(), hash.begin(), hash.end());
    if (const auto earlier = seen_.find_or_add(party_.hashes, static_cast<std::uint32_t>(index))) {
      party_.hashes.resize(2 * index);
      join(row, *earlier);
      return;
    }
    rows_of_.push_back(1);
    if (used_.flag) party_.flags.push_back(row.flagged);
    if (used_.attribute) add_attribute(row);
    if (used_.report) {
      party_.reports.emplace_back();
      add_report(row, index);
    }
    party_.identifiers.spellings.add(spelling(row.cells));
  }

  void add_attribute(const Row& row) {
    total_ += static_cast<std::uint64_t>(std::abs(row.attribute));
    if (total_ > largest_total) {
      refuse(row.number, *used_.attribute,
             fmt::format("with it the column's numbers are more than {} (2^57) together, too many "
                         "to be added up; write them in a larger unit",
                         largest_total));
    }
    party_.attributes.push_back(static_cast<std::uint64_t>(row.attribute));
  }

  /// A further row of an identifier.
  void join(const Row& row, std::size_t earlier) {
    ++party_.duplicate_rows;
    if (spelling(row.cells) != party_.identifiers.spellings[earlier]) ++party_.respelled_rows;
    if (++rows_of_[earlier] > max_rows_) {
      max_rows_ = rows_of_[earlier];
      max_rows_last_ = row.number;
    }
    if (used_.flag) party_.flags[earlier] |= static_cast<std::uint8_t>(row.flagged);
    if (used_.attribute &&
        party_.attributes[earlier] != static_cast<std::uint64_t>(row.attribute)) {
      refuse(row.number, *used_.attribute,
             "differs from an earlier row of the same identifier; keep one of them");
    }
    if (used_.report) add_report(row, earlier);
  }

  void add_report(const Row& row, std::size_t index) {
    std::string& all = party_.reports[index];
    const std::string_view report = row.cells[*used_.report];
    if (report.empty() || contains_report(all, report)) return;
    if (!all.empty()) all += report_separator;
    all += report;
    if (all.size() > max_report_bytes) {
      refuse(row.number, *used_.report,
             fmt::format("the report of this identifier is longer than {} bytes; shorten it",
                         max_report_bytes));
    }
  }

  std::string_view spelling(Cells cells) {
    line_.clear();
    for (const std::size_t column : used_.key) append_csv_cell(line_, cells[column]);
    return line_;
  }

  const PartyFileOptions options_;
  const ColumnNames names_wanted_;
  CsvParser parser_;
  PartyFile party_;
  std::vector<std::string> names_;
  UsedColumns used_;
  std::optional<HeaderWatch> watch_;
  FirstSeen seen_;
  std::optional<KeyForm> form_;
  std::vector<ColumnWatch> watches_;    // a key column each
  std::vector<std::uint32_t> rows_of_;  // an identifier each
  std::uint32_t max_rows_ = 0;          // of one identifier
  std::size_t max_rows_last_ = 0;       // the last of them
  std::uint64_t total_ = 0;             // of attributes without their signs
  std::vector<std::string_view> key_cells_;
  std::string line_;
};

}  // namespace

void TextList::add(std::string_view text) {
  text_ += text;
  ends_.push_back(text_.size());
}

std::string_view TextList::operator[](std::size_t i) const {
  const std::uint64_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(text_).substr(begin, ends_[i] - begin);
}

KeyColumn key_column_in(std::string_view item, std::string_view kind) {
  const std::size_t colon = item.rfind(':');
  if (colon != std::string_view::npos && colon > 0 && is_kind(item.substr(colon + 1))) {
    kind = item.substr(colon + 1);
    item = item.substr(0, colon);
  }
  return {
      .name = std::string(item), .kind = std::string(kind), .version = kind_named(kind).version};
}

KeyForm form_of(const std::vector<KeyColumn>& key, Placeholders placeholders) {
  std::vector<const IdentifierKind*> kinds;
  for (const KeyColumn& column : key) {
    const bool known = is_kind(column.kind) && kind_named(column.kind).version == column.version;
    if (!known) {
      fail(Code::bad_schema,
           "identifiers of the kind {} {} are of another version of Polder; use the same one, and "
           "upload again",
           column.kind, column.version);
    }
    kinds.push_back(&kind_named(column.kind));
  }
  return {std::move(kinds), placeholders};
}

PartyFile read_party_file(const std::string& path, const PartyFileOptions& options) {
  PartyFileOptions of_this = options;
  of_this.key = key_columns(options.key, {path})[0];
  Reader reader(path, std::move(of_this));
  read_input_file(path,
                  {.bytes = [&](auto bytes) { reader.feed(bytes); }, .progress = options.progress});
  return std::move(reader).finish();
}

}  // namespace polder
