// All sessions of this node: taken on, watched, cancelled, and kept as records when they are over.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "node/rules.h"
#include "node/session/run_log.h"
#include "node/session/session.h"
#include "store/rows_asked.h"
#include "store/session_records.h"

namespace polder {

class Sessions {
 public:
  /// Marks what was running before a restart as failed.
  Sessions(SessionServices services, Catalogue& catalogue);
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;
  /// Aborts what runs, tells the other nodes, and waits for the threads.
  ~Sessions();

  /// Checks the plan and starts its thread, if there is a place: from the start on it counts, also
  /// while it waits for the other nodes, so that nobody takes all. The same request of the same
  /// requester again (an answer that was lost) changes nothing.  Throws Error bad_input, forbidden,
  /// not_found, busy.
  void start(SessionRequest request);

  /// Waits up to `limit` for the end. Throws Error not_found.
  SessionView view(std::string_view id, std::chrono::milliseconds limit);

  /// Throws Error not_found, or forbidden if `by` neither asked for it nor owns one of its tables.
  void cancel(std::string_view id, std::string_view by);

  /// Ends what a member asked for, and what its tables take part in.
  void end_those_of(std::string_view member);

  /// Ends what runs with an approval that was taken back.
  void end_those_approved_by(std::string_view approval);

  /// This node's sealed shares for the recipient. Throws Error not_found, also while it runs.
  std::vector<std::uint8_t> result(std::string_view id, std::string_view recipient);

  /// The sessions that concern a member, the latest first: as SessionRecords::of_member.
  std::vector<SessionRecords::Numbered> of_member(std::string_view member, std::int64_t before,
                                                  int most) {
    return records_.of_member(member, before, most);
  }

  struct Counts {
    std::uint64_t running, waiting;
  };
  Counts counts();

  /// Refuses new sessions and aborts those that run.
  void stop();
  /// Forgets what expired and joins threads that ended; called now and then.
  void tidy();

 private:
  void begin(const SessionRequest& request);
  void count_rows(const PreparedRun& run, const Asked& asked);
  void check_places(const std::string& requester);
  std::shared_ptr<Session> live(std::string_view id);
  SessionView recorded(std::string_view id);

  SessionServices services_;
  SessionRecords records_;
  RowsAsked rows_asked_;
  RunLog log_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::map<std::string, std::shared_ptr<Session>, std::less<>> live_;
};

}  // namespace polder
