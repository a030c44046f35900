#include "node/session/run_log.h"

#include <algorithm>

#include "base/wall_clock.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "node/session/session.h"

namespace polder {
namespace {

constexpr std::int64_t day_ms = 24 * 3600 * 1000;
constexpr std::size_t max_why = 500;

/// So much of a reason as whole characters: the log is UTF-8.
std::string_view shortened(std::string_view why) {
  std::size_t end = std::min(max_why, why.size());
  while (end > 0 && end < why.size() && (static_cast<unsigned char>(why[end]) & 0xc0) == 0x80)
    --end;
  return why.substr(0, end);
}

Json::List list_of(std::span<const std::string> texts) { return {texts.begin(), texts.end()}; }

/// What the logs of the three nodes have in common: who asked for what.
Json::Object about(const SessionRequest& request) {
  const PlanParties names = parties_of(request.plan);
  Json::Object said{{"session", request.id},
                    {"requester", request.requester},
                    {"parties", list_of(names.parties)},
                    {"to", list_of(names.to)},
                    {"run", to_hex(hash128(run_text(request.plan, request.requester)))}};
  if (const auto* const plan = std::get_if<TablePlan>(&request.plan))
    said.emplace("plan", plan->fingerprint);
  return said;
}

}  // namespace

void RunLog::begun(const SessionRequest& request, const PreparedRun& run) {
  Json::Object said = about(request);
  said.emplace("approvals", list_of(run.approvals));
  audit_.append("run_begun", std::move(said), members_of(run.plan, request.requester), now_ms());
}

void RunLog::ended(const SessionRequest& request, const PreparedRun& run, std::string_view state) {
  audit_.append("run_ended", {{"session", request.id}, {"state", state}},
                members_of(run.plan, request.requester), now_ms());
}

void RunLog::refused(const SessionRequest& request, std::string_view why) {
  const std::int64_t now = now_ms();
  {
    const std::lock_guard lock(mutex_);
    Refusals& own = refusals_[request.requester];
    if (own.day != now / day_ms) own = {.day = now / day_ms, .count = 0};
    if (++own.count > refusals_per_day) return;
  }
  Json::Object said = about(request);
  said.emplace("why", shortened(why));
  audit_.append("run_refused", std::move(said), members_of(request.plan, request.requester), now);
}

}  // namespace polder
