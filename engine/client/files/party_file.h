// One party's client file, ready to be split: each identifier once, hashed, flagged or not, and
// its own spelling kept here for the answer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory.h"
#include "client/identifiers/key_form.h"
#include "crypto/hash.h"
#include "match/report.h"
#include "wire/key_column.h"

namespace polder {

/// The network's key: hashes made under another one never match.
using MatchingKey = std::array<std::uint8_t, 32>;

/// Texts end to end in one block: eight bytes a text on top of its own.
class TextList {
 public:
  void add(std::string_view text);
  std::string_view operator[](std::size_t i) const;
  std::size_t size() const { return ends_.size(); }

 private:
  std::string text_;
  std::vector<std::uint64_t> ends_;
};

/// The identifiers of one party, row by row as its owner writes them.
struct Identifiers {
  std::vector<std::string> key;  // columns
  TextList spellings;            // each the key's cells, as they stand in a CSV file
};

enum class EmptyIdentifiers { skip, refuse };

inline constexpr std::string_view report_separator = "; ";

/// What a cell of an attribute may be at most, either way, and all of a file together: so that no
/// mean with its fraction, and no sum over the rows of 64 parties, leaves 64 bits.
inline constexpr std::int64_t largest_attribute = std::int64_t{1} << 42;
inline constexpr std::uint64_t largest_total = (std::uint64_t{1} << 57) - 1;

struct PartyFileOptions {
  std::vector<std::string> key = {};  // [FILE:]COLUMN[:KIND]; none: client_id, or the only column
  std::string kind{usual_kind};       // of key columns that do not say their own
  Placeholders placeholders = Placeholders::leave_out;
  std::string flag = {};       // column; empty: no flags
  std::string attribute = {};  // column of whole numbers; empty: none
  std::string report = {};     // column of texts that may be given; empty: none
  EmptyIdentifiers empty = EmptyIdentifiers::skip;
  char delimiter = '\0';       // 0: found
  std::size_t header_row = 0;  // 0: the first row that is not blank
  MatchingKey matching_key = {};
  std::function<void(std::size_t done, std::size_t total)> progress =
      {};  // bytes read; may be empty
};

/// How a file is written.
struct Reading {
  std::string encoding;
  char delimiter = ',';
  std::size_t header_row = 1;
  std::size_t blank_rows = 0;  // of nothing but separators: skipped
};

/// [n] in the order in which identifiers first appear. An identifier in several rows counts once:
/// spelled as in the first, flagged if any of them is; its reports follow one another, each once.
struct PartyFile {
  std::string file;
  std::vector<KeyColumn> key;
  Identifiers identifiers;
  bool has_flags = false;
  std::string attribute;                  // column; empty: none
  std::string report;                     // column; empty: none
  Words hashes;                           // two words an identifier
  std::vector<std::uint8_t> flags;        // 0 or 1; empty if not has_flags
  std::vector<std::uint64_t> attributes;  // two's complement; empty without an attribute column
  std::vector<std::string> reports;       // empty without a report column
  Reading reading;
  std::size_t rows = 0;              // read, without the header and blank rows
  std::size_t empty_rows = 0;        // without an identifier, or a part of it: not used
  std::size_t placeholder_rows = 0;  // of these, with a word for "no value"
  std::size_t duplicate_rows = 0;
  std::size_t respelled_rows = 0;     // of these, spelled otherwise than the first
  std::vector<std::string> warnings;  // sentences, without the file's name

  std::size_t size() const { return hashes.size() / 2; }
};

/// COLUMN or COLUMN:KIND; what stands behind a colon and is no kind belongs to the name.
KeyColumn key_column_in(std::string_view item, std::string_view kind);

/// The forms of a key's parts.  Throws Error bad_schema if this version of Polder does not have
/// them.
KeyForm form_of(const std::vector<KeyColumn>& key, Placeholders placeholders);

/// Throws Error not_found, forbidden, bad_input or bad_schema, naming file, row and column.
PartyFile read_party_file(const std::string& path, const PartyFileOptions& options);

}  // namespace polder
