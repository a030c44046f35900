// The whole of a match as an organisation uses it: files and uploaded tables in, each recipient's
// answer out, nothing half done.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/files/own_tables.h"
#include "client/files/party_file.h"
#include "client/keys.h"
#include "client/learned.h"
#include "client/nodes/session.h"
#include "wire/network.h"
#include "wire/plan.h"

namespace polder {

/// How the nodes find equal identifiers: docs/decisions/0003.
enum class MatchMethod { automatic, sort, bins };

struct MatchOptions {
  std::vector<std::string> inputs;  // CSV files, or NAME@OWNER for uploaded tables; one a party
  PartyFileOptions columns = {};    // of the files
  std::uint64_t threshold = 2;
  std::uint64_t min_flags = 1;
  std::vector<std::string> to = {};  // recipients; none: every party
  MatchPlan::Show show = MatchPlan::Show::rows;
  std::uint64_t at_least = 0;
  MatchMethod method = MatchMethod::automatic;
  std::chrono::milliseconds deadline{3'600'000};  // of the computation
};

struct MatchInput {
  std::string name;
  std::string input;
  std::optional<PartyFile> file = {};     // once read; none for an uploaded table
  std::string handle = {};                // of its table, once known
  std::vector<KeyColumn> table_key = {};  // of an uploaded table, once found
};

struct MatchOutcome {
  std::string session;
  std::string run = {};        // its digest, the same for each recipient
  std::uint64_t at_least = 0;  // as asked, or more if a table's owner demands it
  std::vector<std::pair<std::string, Learned>> recipients;  // in the order of asking
  double upload_seconds = 0;
  double compute_seconds = 0;  // from the start of the session to the last result share
  SessionOutcome figures = {};
  std::vector<std::string> warnings = {};  // sentences for who asked
};

class Match {
 public:
  /// Throws Error bad_input: fewer than two parties, one twice, a number out of range, a recipient
  /// of rows that is no party.
  Match(Network network, MatchOptions options);

  const std::vector<MatchInput>& parties() const { return parties_; }

  /// Reads and hashes the files; touches no network. Throws as read_party_file; Error bad_schema if
  /// their keys do not fit one another.
  void read(const OnProgress& progress);

  enum class Afterwards { remove_uploads, keep_uploads };
  struct Run {
    std::map<std::string, std::filesystem::path> keys;  // of parties and recipients, as far as here
    std::filesystem::path tables;                       // identifiers of own uploaded tables
    std::string table_name = "match";                   // of what is uploaded for the run
    std::filesystem::path out;                          // folder for NAME.csv, made if need be
    bool replace = false;                               // what an earlier run left there
    Afterwards afterwards = Afterwards::remove_uploads;
  };
  /// Uploads, computes, opens, writes. What was uploaded for the run is removed again, also after
  /// an error; files appear when all of them are written.
  MatchOutcome run(const Run& run, CancellationToken& cancellation, const OnProgress& progress);

 private:
  void add_party(const std::string& input);
  void check() const;
  void check_keys() const;

  const Network network_;
  MatchOptions options_;
  std::vector<MatchInput> parties_;
};

}  // namespace polder
