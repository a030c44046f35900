// What a recipient makes of its opened answer: numbers, and the file of its own matched
// identifiers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/whole_file.h"
#include "client/files/own_tables.h"
#include "client/files/result_files.h"
#include "client/nodes/result.h"

namespace polder {

struct Learned {
  bool opened = false;                            // its key was at hand
  std::optional<std::uint64_t> matches = {};      // what was counted
  std::optional<std::int64_t> sum = {};           // of the attribute, if that was shown
  std::optional<double> mean = {};                // likewise; NaN if nothing matched
  std::optional<std::uint64_t> identifiers = {};  // of its own, if rows were shown
  std::filesystem::path file = {};                // that was written for it
  std::string run = {};                           // of a run that another asked for: run_text
};

/// What was opened under a label: one bit for each of n rows, or numbers.  Throw Error cheating if
/// it is not that.
const PlainBits& opened_bits(const Opened& opened, const std::string& label, std::size_t n);
const Words& opened_words(const Opened& opened, const std::string& label);

/// The answer that is a bit for each of n rows.
inline const PlainBits& opened_rows(const Opened& opened, std::size_t n) {
  return opened_bits(opened, "rows", n);
}

/// Whether the answer is a bit for each of the recipient's own rows.
bool shows_rows(const Opened& opened);

/// `own`: the recipient's identifiers, if rows were shown. Throws Error cheating if the answer has
/// none of the forms that an answer can have.
Learned learn(const Opened& opened, const Identifiers* own);

/// Writes the matched identifiers, as a CSV file.
void write_matches(WholeFile& file, const Opened& opened, const Identifiers& own);

/// An answer of a session that somebody else asked for.
struct LateResult {
  std::string session;
  std::string handle;  // of the recipient's table
  const OrganisationKeys& recipient;
  const OwnTables& own;
  ResultPlace out;
};

/// Fetches, opens and writes it. Throws as fetch_results, open, OwnTables::read and ResultFiles do.
Learned open_result(ThreeNodes& nodes, const LateResult& result);

}  // namespace polder
