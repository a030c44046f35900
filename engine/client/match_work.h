// One run of a match: what lies between the files read and the files written.
#pragma once

#include <mutex>

#include "client/files/binned_files.h"
#include "client/files/result_files.h"
#include "client/match.h"
#include "client/nodes/result.h"
#include "client/nodes/tables_for_run.h"

namespace polder {

class MatchWork {
 public:
  /// All of these outlive the work.
  struct Parts {
    const Network& network;
    const MatchOptions& options;
    std::vector<MatchInput>& parties;
    const Match::Run& run;
    CancellationToken& cancellation;
    const OnProgress& progress;
  };

  /// Reads the keys. Throws Error forbidden if none of the parties' is at hand.
  explicit MatchWork(const Parts& parts);
  MatchWork(const MatchWork&) = delete;
  MatchWork& operator=(const MatchWork&) = delete;

  MatchOutcome run();

 private:
  void find_tables();
  void check_keys();
  void find_identifiers();
  std::chrono::microseconds round_trip() const;
  void upload_files();
  void upload_file(std::size_t party);
  TableRule rule_for_files() const;
  PreparedTable prepared(std::size_t party) const;
  MatchPlan plan() const;
  std::vector<Opened> compute(MatchOutcome& outcome);
  ResultPlace place() const;
  void write_files(MatchOutcome& outcome, const std::vector<Opened>& opened) const;

  const Identifiers* identifiers_of(const std::string& name) const;
  const OrganisationKeys* keys_of(const std::string& name) const;

  const Parts parts_;
  std::map<std::string, OrganisationKeys> keys_;
  const OrganisationKeys* requester_ = nullptr;
  const std::string session_ = new_session_id();    // what is uploaded serves it alone
  std::uint64_t at_least_;                          // of the plan: as asked, or as owners demand
  std::map<std::string, Identifiers> identifiers_;  // of recipients of rows
  std::optional<BinnedFiles> bins_;
  TablesForRun uploaded_;
  std::mutex mutex_;  // of what follows, which uploads share
  std::size_t rows_to_upload_ = 0;
  double uploaded_rows_ = 0;
  std::vector<std::string> warnings_;
};

}  // namespace polder
