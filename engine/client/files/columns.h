// Which columns of a file are used, by its header and by what its user says; whether that header
// is one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "client/files/csv.h"

namespace polder {

struct ColumnNames {
  std::vector<std::string> key = {};  // none: client_id, or the only column
  std::string flag = {};              // empty: none; so are the next two
  std::string attribute = {};
  std::string report = {};

  /// All that are named, the key's first: what tells a header from other rows.
  std::vector<std::string> wanted() const;
};

struct UsedColumns {
  std::vector<std::size_t> key;
  std::optional<std::size_t> flag, attribute, report;
};

/// Throws Error bad_schema: a column that is not there, or twice; no word about which of several
/// columns is the key; a key's name that is an IBAN or a number, so that the first client would be
/// taken for a header.
UsedColumns used_columns(const ColumnNames& names, const CsvParser& parser,
                         const std::vector<std::string>& header, const std::string& file);

/// Tells rows that are data from headers in the wrong place.
class HeaderWatch {
 public:
  /// `key`: the columns' names. `guessed`: nobody said that these are the key.
  HeaderWatch(const std::vector<std::string>& key, std::string file, bool guessed);

  /// Throws Error bad_input if a row's key cells are the columns' own names, or, under a header
  /// that is the only column, client_id; or if the header is of the form of the first row's cell.
  void check(std::size_t row, const std::vector<std::string_view>& key_cells);

 private:
  void check_first(std::string_view cell) const;

  std::vector<std::string> names_;  // folded
  std::string file_;
  bool guessed_;
  bool first_ = true;
};

}  // namespace polder
