// One session at this node, on a thread of its own: connections, agreement, memory, the run, the
// sealed results. Whatever goes wrong is caught here, told to the other nodes, and leaves no
// result.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "base/memory.h"
#include "net/links/session_lanes.h"
#include "node/metrics.h"
#include "node/session/admission.h"
#include "node/session/run.h"
#include "node/session/run_log.h"
#include "node/session/session_view.h"
#include "store/audit_log.h"
#include "store/session_records.h"
#include "store/statements.h"

namespace polder {

struct SessionRequest {
  std::string id;  // 32 hex digits
  Plan plan;
  std::string requester;
  std::chrono::milliseconds deadline;  // from now to the end
};

/// What sessions work with.
struct SessionServices {
  std::string network;  // id in hex
  int role;
  std::string protocol;          // as in protocol/registry.h
  std::uint8_t lanes;            // that a session may have at this node
  int member_sessions;           // that one member may have at once
  std::filesystem::path folder;  // of the node, which no error names to others
  Members& members;
  TableStore& tables;
  Plans& plans;
  Statements& statements;
  AuditLog& audit;
  Links& links;
  Admission& admission;
  Metrics& metrics;
};

class Session {
 public:
  /// Starts the thread. `records` has the session as running already.
  Session(SessionServices services, SessionRecords& records, RunLog& log, SessionRequest request,
          PreparedRun run);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Waits for the thread.
  ~Session();

  const SessionRequest& request() const { return request_; }
  const PreparedRun& run() const { return run_; }

  /// Waits up to `limit` for the end.
  SessionView view(std::chrono::milliseconds limit);
  bool is_over();

  /// Any thread; the session's ends as soon as it notices.
  void cancel();  // somebody asked for it
  void stop();    // the node goes down

 private:
  using Results = std::map<std::string, std::vector<std::uint8_t>>;

  void live() noexcept;
  Results compute();
  Results compute_on(SessionLanes& lanes);
  void end_well(const Results& results);
  void end_badly(Code code, std::string_view why);
  void end(SessionState state);
  void show(double progress, std::string_view step);
  SessionRecord record_of(const SessionView& view) const;

  SessionServices services_;
  SessionRecords& records_;
  RunLog& log_;
  const SessionRequest request_;
  const PreparedRun run_;
  const Clock::time_point started_;
  PoolAccount memory_;
  CancellationToken limit_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  SessionView view_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace polder
