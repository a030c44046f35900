// What the log says of refused runs can be read again, whatever was asked, and is not endless.
#include "node/session/run_log.h"

#include <gtest/gtest.h>

#include "base/testing/test_folder.h"
#include "node/session/session.h"

namespace polder {
namespace {

struct Log {
  TestFolder folder;
  Catalogue catalogue{folder.path() / "catalogue.db"};
  AuditLog audit{catalogue, audit_start(std::string(32, '0'), 0)};
  RunLog runs{audit};
  SessionRequest request{
      .id = std::string(32, '1'),
      .plan = IngestPlan{.tables = {std::string(32, '2')}, .parties = {"town"}, .to = {}},
      .requester = "CBS",
      .deadline = std::chrono::milliseconds(1)};
};

TEST(RunLog, LongReasonsAreCutBetweenCharacters) {
  Log log;
  for (std::size_t before = 495; before < 502; ++before)
    log.runs.refused(log.request, std::string(before, 'x') + "é€é€é€é€");
  log.runs.refused(log.request, "short: é");
  const auto lines = log.audit.lines(0, 100, nullptr);
  ASSERT_EQ(lines.size(), 8);
  for (const AuditLog::Line& line : lines) {
    const AuditEntry entry = parse_audit_entry(line.text);
    EXPECT_LE(entry.about.at("why").get_if<std::string>()->size(), 500);
  }
  EXPECT_EQ(*parse_audit_entry(lines.back().text).about.at("why").get_if<std::string>(),
            "short: é");
}

TEST(RunLog, RefusalsOfOneMemberADayAreBounded) {
  Log log;
  for (int i = 0; i < RunLog::refusals_per_day + 5; ++i) log.runs.refused(log.request, "no");
  EXPECT_EQ(log.audit.head().size, RunLog::refusals_per_day);
  log.request.requester = "town";
  log.runs.refused(log.request, "no");
  EXPECT_EQ(log.audit.head().size, RunLog::refusals_per_day + 1);
}

}  // namespace
}  // namespace polder
