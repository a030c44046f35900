// What the audit log says of runs: that one began, how it ended, that one was refused.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "node/session/run.h"
#include "store/audit_log.h"

namespace polder {

struct SessionRequest;

class RunLog {
 public:
  static constexpr int refusals_per_day = 1000;  // of one member: more are not written down

  explicit RunLog(AuditLog& audit) : audit_(audit) {}

  /// Each is on disk when it returns.
  void begun(const SessionRequest& request, const PreparedRun& run);
  void ended(const SessionRequest& request, const PreparedRun& run, std::string_view state);
  void refused(const SessionRequest& request, std::string_view why);

 private:
  struct Refusals {
    std::int64_t day = 0;
    int count = 0;
  };
  AuditLog& audit_;
  std::mutex mutex_;
  std::map<std::string, Refusals, std::less<>> refusals_;  // by requester
};

}  // namespace polder
