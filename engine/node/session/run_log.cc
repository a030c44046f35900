#include "node/session/run_log.h"

#include "base/wall_clock.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "node/session/session.h"

namespace polder {
namespace {

constexpr std::int64_t day_ms = 24 * 3600 * 1000;
constexpr std::size_t max_why = 500;

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
  said.emplace("why", why.substr(0, max_why));
  audit_.append("run_refused", std::move(said), members_of(request.plan, request.requester), now);
}

}  // namespace polder
