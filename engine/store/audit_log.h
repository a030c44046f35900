// This node's log of what was decided and run (audit/audit_chain.h).
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_chain.h"
#include "store/catalogue.h"

namespace polder {

class AuditLog {
 public:
  /// `start`: the link before the first entry.
  AuditLog(Catalogue& catalogue, const Digest256& start) : catalogue_(catalogue), start_(start) {}

  /// On disk when it returns, so that what it tells of may begin.
  void append(std::string_view event, Json::Object about, const std::set<std::string>& concerned,
              std::int64_t now_ms);
  /// The same as a part of another change.
  void append_in(Database& database, std::string_view event, Json::Object about,
                 const std::set<std::string>& concerned, std::int64_t now_ms) const;

  AuditHead head();

  /// Entries from a number on, at most `most`: the texts of those that concern the member, of the
  /// others empty texts; and the digests of all. Without a member all texts.
  struct Line {
    std::string text;
    Digest256 digest;
  };
  std::vector<Line> lines(std::int64_t from, int most, const std::string* member);

 private:
  Catalogue& catalogue_;
  const Digest256 start_;
};

}  // namespace polder
