// A look-up as an organisation uses it, at the three nodes: identifiers and a register in, an
// answer for each identifier out. The register is another organisation's table, or a file that is
// one for this run.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/files/party_file.h"
#include "client/keys.h"
#include "client/nodes/session.h"
#include "client/nodes/tables_for_run.h"
#include "wire/network.h"

namespace polder {

struct LookupOptions {
  std::vector<std::string> identifiers;  // as people write them
  std::string input = {};                // a text that they are read from, if there are none here
  std::string incidents;                 // the register: a CSV file, or NAME@OWNER
  PartyFileOptions columns = {};         // of the file; of a table the key's order of columns
  std::string requester;                 // an organisation
  std::chrono::milliseconds deadline{3'600'000};  // of the computation
};

struct LookupReply {
  std::string identifier;  // as it was asked
  bool found = false;
  std::optional<std::string> report = {};  // if reports were asked for and it was found
};

struct LookupOutcome {
  std::string session;
  std::string run = {};              // its digest
  std::vector<LookupReply> replies;  // in the order of asking
  double upload_seconds = 0;
  double compute_seconds = 0;  // from the start of the session to the last result share
  SessionOutcome figures = {};
};

/// How identifiers to look up are written and compared.
struct QueryForm {
  MatchingKey matching_key = {};
  std::vector<KeyColumn> key = {};        // of the register
  std::vector<std::string> written = {};  // its columns in the order of asking; none: its own
  Placeholders placeholders = Placeholders::leave_out;
};

/// The hashes of identifiers as people write them: of a key of several columns the cells with
/// commas between, as in a CSV file.  [n] -> [2 n] words.  Throws Error bad_input if one lacks a
/// part, has another number of cells than the key, or cannot be compared; bad_schema if `written`
/// are not the register's columns, or say other kinds.
Words hashed_queries(const QueryForm& form, const std::vector<std::string>& identifiers);

/// What can be told before the register's key is known.  Throws Error bad_input unless one look-up
/// may be of so many identifiers, none of them blank.
void check_queries(const std::vector<std::string>& identifiers);

/// A report as its owner wrote it, from its padded bytes.  Throws Error cheating if it is no text.
std::string report_text(std::span<const std::uint8_t> bytes);

class Lookup {
 public:
  /// Throws Error bad_input: no identifiers, or too many.
  Lookup(Network network, LookupOptions options);

  /// Whose the register is.
  const std::string& owner() const { return owner_; }

  /// Reads and hashes the register, if it is a file; touches no network. The file as it was read.
  const std::optional<PartyFile>& read(const OnProgress& progress);

  struct Run {
    std::map<std::string, std::filesystem::path> keys;  // of the requester, and of a file's owner
    bool keep_uploads = false;                          // for a space that is about to go
  };
  /// Uploads, computes, opens. What was uploaded for the run is removed again.  Throws Error
  /// forbidden (a key that is not here), not_found, bad_schema, and as run_session and open do.
  LookupOutcome run(const Run& run, CancellationToken& cancellation, const OnProgress& progress);

 private:
  const Network network_;
  LookupOptions options_;
  std::string owner_;
  std::optional<PartyFile> file_;
};

}  // namespace polder
