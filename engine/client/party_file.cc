#include "client/party_file.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

#include "client/csv.h"
#include "client/input_file.h"
#include "client/normalise.h"
#include "crypto/hash.h"

namespace polder {
namespace {

constexpr std::size_t max_rows = std::size_t{1} << 31;  // what a table may have

/// 1, true, yes or 0, false, no in any case; nothing for anything else.
std::optional<bool> flag_value(std::string_view cell) {
  const std::string value = normalise(cell);
  if (value == "1" || value == "true" || value == "yes") return true;
  if (value == "0" || value == "false" || value == "no") return false;
  return {};
}

std::optional<std::int64_t> whole_number(std::string_view cell) {
  const std::string value = normalise(cell);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return {};
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
  Reader(const std::string& path, const PartyFileOptions& options) : options_(options) {
    party_.file = path;
    party_.has_flags = !options.flag.empty();
    party_.attribute = options.attribute;
    party_.report = options.report;
  }

  void take_header(const std::vector<std::string>& names) {
    names_ = names;
    party_.identifiers.key = options_.key;
    if (party_.identifiers.key.empty()) {
      const bool usual = std::find(names.begin(), names.end(), "client_id") != names.end();
      party_.identifiers.key = {usual ? "client_id" : names.front()};
    }
    refuse_twice(party_.identifiers.key);
    for (const std::string& column : party_.identifiers.key)
      key_.push_back(column_position(names, column, party_.file));
    if (!options_.flag.empty()) flag_ = column_position(names, options_.flag, party_.file);
    if (!options_.attribute.empty())
      attribute_ = column_position(names, options_.attribute, party_.file);
    if (!options_.report.empty()) report_ = column_position(names, options_.report, party_.file);
  }

  void take_row(std::size_t row, Cells cells) {
    if (++party_.rows > max_rows) {
      fail(Code::bad_input, "{}: more than {} rows; split the file", party_.file, max_rows);
    }
    const bool flagged = flag_ && read_flag(row, cells[*flag_]);
    const std::uint64_t attribute = attribute_ ? read_attribute(row, cells[*attribute_]) : 0;
    const auto hash = read_key(cells);
    if (!hash) {
      refuse_empty(row);
      return;
    }
    add(*hash, {.number = row, .cells = cells, .flagged = flagged, .attribute = attribute});
  }

  PartyFile finish() && { return std::move(party_); }

 private:
  [[noreturn]] void refuse(std::size_t row, std::size_t column, std::string_view what) const {
    fail(Code::bad_input, "{}: row {}, column '{}': {}", party_.file, row, names_[column], what);
  }

  void refuse_twice(std::vector<std::string> columns) const {
    std::sort(columns.begin(), columns.end());
    const auto twice = std::adjacent_find(columns.begin(), columns.end());
    if (twice == columns.end()) return;
    fail(Code::bad_input, "{}: the key names column '{}' twice; name each column once", party_.file,
         *twice);
  }

  bool read_flag(std::size_t row, std::string_view cell) const {
    const auto value = flag_value(cell);
    if (!value) refuse(row, *flag_, "not a flag; write 1 or 0, true or false, yes or no");
    return *value;
  }

  std::uint64_t read_attribute(std::size_t row, std::string_view cell) const {
    const auto value = whole_number(cell);
    if (!value) refuse(row, *attribute_, "not a whole number of at most 64 bits");
    return static_cast<std::uint64_t>(*value);
  }

  std::optional<Digest128> read_key(Cells cells) {
    key_cells_.clear();
    for (const std::size_t column : key_) key_cells_.push_back(cells[column]);
    return hashed_identifier(options_.matching_key, key_cells_);
  }

  void refuse_empty(std::size_t row) {
    if (options_.empty == EmptyIdentifiers::refuse) {
      refuse(row, key_.front(),
             "the identifier is empty; fill it in, or read the file without --strict to leave such "
             "rows out");
    }
    ++party_.empty_rows;
  }

  struct Row {
    std::size_t number;
    Cells cells;
    bool flagged;
    std::uint64_t attribute;
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
    if (flag_) party_.flags.push_back(row.flagged);
    if (attribute_) party_.attributes.push_back(row.attribute);
    if (report_) {
      party_.reports.emplace_back();
      add_report(row, index);
    }
    keep_spelling(row.cells);
  }

  /// A further row of an identifier.
  void join(const Row& row, std::size_t earlier) {
    ++party_.duplicate_rows;
    if (flag_) party_.flags[earlier] |= static_cast<std::uint8_t>(row.flagged);
    if (attribute_ && party_.attributes[earlier] != row.attribute) {
      refuse(row.number, *attribute_,
             "differs from an earlier row of the same identifier; keep one of them");
    }
    if (report_) add_report(row, earlier);
  }

  void add_report(const Row& row, std::size_t index) {
    std::string& all = party_.reports[index];
    const std::string_view report = row.cells[*report_];
    if (report.empty() || contains_report(all, report)) return;
    if (!all.empty()) all += report_separator;
    all += report;
    if (all.size() > max_report_bytes) {
      refuse(row.number, *report_,
             fmt::format("the report of this identifier is longer than {} bytes; shorten it",
                         max_report_bytes));
    }
  }

  void keep_spelling(Cells cells) {
    line_.clear();
    for (const std::size_t column : key_) append_csv_cell(line_, cells[column]);
    party_.identifiers.spellings.add(line_);
  }

  const PartyFileOptions& options_;
  PartyFile party_;
  std::vector<std::string> names_;
  std::vector<std::size_t> key_;
  std::optional<std::size_t> flag_, attribute_, report_;
  FirstSeen seen_;
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

std::optional<Digest128> hashed_identifier(const MatchingKey& key,
                                           std::span<const std::string_view> cells) {
  std::string joined;
  bool any = false;
  for (const std::string_view cell : cells) {
    const std::string part = normalise(cell);
    any |= !part.empty();
    append_key_part(joined, part);
  }
  if (!any) return {};
  return identifier_hash(key, joined);
}

PartyFile read_party_file(const std::string& path, const PartyFileOptions& options) {
  Reader reader(path, options);
  CsvParser parser({.file = path},
                   {.header = [&](const auto& names) { reader.take_header(names); },
                    .row = [&](std::size_t row, Cells cells) { reader.take_row(row, cells); }});
  read_input_file(path,
                  {.bytes = [&](auto bytes) { parser.feed(bytes); }, .progress = options.progress});
  parser.finish();
  return std::move(reader).finish();
}

}  // namespace polder
