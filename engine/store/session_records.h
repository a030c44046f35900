// What is kept of a session: that it was taken on, how it ended, and its sealed results until they
// expire.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/catalogue.h"

namespace polder {

struct SessionRecord {
  std::string id;
  std::string state;  // "running" until it ended as "done", "failed" or "cancelled"
  std::string plan;   // canonical JSON
  std::string requester;
  std::int64_t started_ms = 0;
  std::string code = {};  // of the error; empty if there is none
  std::string message = {};
  std::string figures = {};  // JSON object of what it cost
  std::int64_t expires_ms = 0;
};

class SessionRecords {
 public:
  explicit SessionRecords(Catalogue& catalogue) : catalogue_(catalogue) {}

  /// `members`: whom it concerns, who will find it in their lists. Ids are used once.
  void begin(const SessionRecord& record, const std::set<std::string>& members);

  /// The end and its results (recipient -> sealed bytes), both or neither.
  void end(const SessionRecord& record,
           const std::map<std::string, std::vector<std::uint8_t>>& results);

  std::optional<SessionRecord> find(std::string_view id);
  /// The sessions that concern a member, the latest first: at most `most`, of numbers below
  /// `before`. A session's number goes up with time.
  struct Numbered {
    std::int64_t number;
    SessionRecord record;
  };
  std::vector<Numbered> of_member(std::string_view member, std::int64_t before, int most);
  std::optional<std::vector<std::uint8_t>> result(std::string_view id, std::string_view recipient);

  /// Marks what a dead process left running as failed; returns how many there were.
  int fail_unfinished(std::string_view code, std::string_view message);
  /// Forgets results that expired before `now_ms`, and sessions that began before `began_ms` or are
  /// not among the latest 50,000.
  void forget(std::int64_t now_ms, std::int64_t began_ms);

 private:
  Catalogue& catalogue_;
};

}  // namespace polder
