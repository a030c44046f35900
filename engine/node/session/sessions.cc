#include "node/session/sessions.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/wall_clock.h"
#include "node/approvals.h"
#include "node/log.h"
#include "node/store_path.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::int64_t day_ms = 24 * 3600 * 1000;
constexpr std::int64_t run_log_ms = 90 * day_ms;  // how long it is known who ran what
constexpr std::int64_t max_sessions = 64;

SessionRecord begun(const SessionRequest& request) {
  const std::int64_t now = now_ms();
  return {.id = request.id,
          .state = "running",
          .plan = canonical(request.plan),
          .requester = request.requester,
          .started_ms = now,
          .figures = "{}",
          .expires_ms = now + day_ms};
}

SessionState state_named(std::string_view text) {
  for (const auto state : {SessionState::done, SessionState::failed, SessionState::cancelled}) {
    if (name(state) == text) return state;
  }
  return SessionState::running;
}

SessionFigures read_figures(std::string_view text) {
  const json::object object = parse_object(text, "catalogue: figures");
  const auto number = [&](std::string_view field) {
    const json::value* const value = object.if_contains(field);
    return value == nullptr ? 0.0 : value->to_number<double>();
  };
  return {.seconds = number("seconds"),
          .bytes_sent = static_cast<std::uint64_t>(number("bytes_sent")),
          .rounds = static_cast<std::uint64_t>(number("rounds")),
          .peak_mb = static_cast<std::uint64_t>(number("peak_mb"))};
}

bool owns_a_table(const PreparedRun& run, std::string_view name) {
  return std::any_of(run.tables.begin(), run.tables.end(),
                     [&](const auto& table) { return table->manifest.owner == name; });
}

}  // namespace

Sessions::Sessions(SessionServices services, Catalogue& catalogue)
    : services_(std::move(services)),
      records_(catalogue),
      rows_asked_(catalogue),
      log_(services_.audit) {
  const int lost = records_.fail_unfinished(
      name(Code::peer_lost), "session: the node restarted while it ran; ask for it again");
  if (lost > 0) log_event("sessions_lost", {{"count", lost}});
}

Sessions::~Sessions() {
  stop();
  live_.clear();  // waits for their threads
  trim_pool();
}

void Sessions::start(SessionRequest request) try { begin(request); } catch (const Error& error) {
  if (error.code() == Code::forbidden)
    log_.refused(request, without_paths(error.what(), services_.folder));
  throw;
}

void Sessions::begin(const SessionRequest& request) {
  PreparedRun run =
      prepare(request.plan,
              {.tables = services_.tables, .members = services_.members, .plans = services_.plans});
  const Asked asked{.session = request.id, .requester = request.requester, .now_ms = now_ms()};
  authorise(run, request.requester);
  check_rules(run, asked);
  services_.admission.check(run.memory_bytes);

  const std::lock_guard lock(mutex_);
  if (stopping_) fail(Code::busy, "session: this node is going down; try again when it is back");
  if (const auto known = records_.find(request.id)) {
    const bool same =
        known->plan == canonical(request.plan) && known->requester == request.requester;
    if (!same) fail(Code::bad_input, "session {}: this id is used; draw a new one", request.id);
    return;
  }
  check_places(request.requester);
  run.approvals = approvals_of(run, asked,
                               {.statements = services_.statements,
                                .members = services_.members,
                                .network = services_.network});
  count_rows(run, asked);
  services_.statements.count_run(run.approvals, request.id, asked.now_ms);
  log_.begun(request, run);
  records_.begin(begun(request), members_of(run.plan, request.requester));
  log_event("session_begun", {{"session", request.id},
                              {"requester", request.requester},
                              {"plan", to_json(request.plan)},
                              {"rows", run.rows}});
  live_[request.id] = std::make_shared<Session>(services_, records_, log_, request, std::move(run));
}

/// Before the run begins: what is on its way is counted, whether or not it ends well.
void Sessions::count_rows(const PreparedRun& run, const Asked& asked) {
  const auto counts = [&](const TableRecord& table) {
    return table.manifest.serves.rows_per_day > 0 && table.manifest.owner != asked.requester;
  };
  for (const auto& table : run.tables) {
    if (!counts(*table)) continue;
    const std::uint64_t rows = rows_asked(run, *table),
                        before = rows_asked_.since(table->handle, asked.requester,
                                                   asked.now_ms - day_ms),
                        most = table->manifest.serves.rows_per_day;
    if (before + rows <= most) continue;
    fail(Code::forbidden,
         "plan: table {} of '{}' may be asked about {} rows by one member in 24 hours; '{}' asked "
         "about {}, and this run asks about {}",
         table->handle, table->manifest.owner, most, asked.requester, before, rows);
  }
  for (const auto& table : run.tables) {
    if (counts(*table))
      rows_asked_.count(table->handle, asked.requester, rows_asked(run, *table), asked.now_ms);
  }
}

void Sessions::check_places(const std::string& requester) {
  const auto count = [&](const auto& counts) {
    return std::ranges::count_if(live_, [&](const auto& entry) {
      return !entry.second->is_over() && counts(*entry.second);
    });
  };
  const auto all = count([](const Session&) { return true; });
  const auto own = count([&](const Session& s) { return s.request().requester == requester; });
  if (all >= max_sessions || own >= services_.member_sessions) {
    fail(Code::busy,
         "session: {} run or wait here, {} of them of '{}'; at most {} may, and {} of one member; "
         "try again when one has ended",
         all, own, requester, max_sessions, services_.member_sessions);
  }
}

void Sessions::end_those_of(std::string_view member) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, session] : live_) {
    if (session->request().requester == member || owns_a_table(session->run(), member)) {
      session->cancel();
    }
  }
}

void Sessions::end_those_approved_by(std::string_view approval) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, session] : live_) {
    if (std::ranges::count(session->run().approvals, approval) > 0) session->cancel();
  }
}

std::shared_ptr<Session> Sessions::live(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  return found == live_.end() ? nullptr : found->second;
}

SessionView Sessions::recorded(std::string_view id) {
  const auto record = records_.find(id);
  if (!record) fail(Code::not_found, "session: this node knows no session of that id");
  SessionView view{.state = state_named(record->state),
                   .progress = record->state == "done" ? 1.0 : 0.0,
                   .step = record->state,
                   .code = code_named(record->code),
                   .message = record->message,
                   .figures = read_figures(record->figures)};
  return view;
}

SessionView Sessions::view(std::string_view id, std::chrono::milliseconds limit) {
  const auto session = live(id);
  return session ? session->view(limit) : recorded(id);
}

void Sessions::cancel(std::string_view id, std::string_view by) {
  const auto session = live(id);
  if (!session) {
    recorded(id);
    return;  // over already
  }
  if (session->request().requester != by && !owns_a_table(session->run(), by)) {
    fail(Code::forbidden, "session: only who asked for it or owns one of its tables may cancel it");
  }
  session->cancel();
}

std::vector<std::uint8_t> Sessions::result(std::string_view id, std::string_view recipient) {
  auto sealed = records_.result(id, recipient);
  if (sealed) return std::move(*sealed);
  const SessionView seen = view(id, std::chrono::milliseconds(0));
  fail(Code::not_found, "session: no result for this recipient here; the session is {}",
       name(seen.state));
}

Sessions::Counts Sessions::counts() {
  const std::lock_guard lock(mutex_);
  Counts counts{.running = 0, .waiting = 0};
  for (const auto& [id, session] : live_) {
    const SessionState state = session->view(std::chrono::milliseconds(0)).state;
    counts.running += state == SessionState::running;
    counts.waiting += state == SessionState::waiting;
  }
  return counts;
}

void Sessions::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& [id, session] : live_) session->stop();
}

void Sessions::tidy() {
  const std::lock_guard lock(mutex_);
  std::erase_if(live_, [](const auto& entry) { return entry.second->is_over(); });
  const std::int64_t now = now_ms();
  records_.forget(now, now - run_log_ms);
  rows_asked_.forget(now - day_ms);
  services_.plans.forget(now - run_log_ms);
}

}  // namespace polder
