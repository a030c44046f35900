#include "node/session/session.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <new>

#include "base/bits.h"
#include "base/error.h"
#include "base/wall_clock.h"
#include "crypto/hex.h"
#include "node/log.h"
#include "node/session/agreement.h"
#include "node/session/sealed_outbox.h"
#include "node/store_path.h"
#include "protocol/registry.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::int64_t results_kept_ms = 24 * 3600 * 1000;
constexpr std::uint64_t megabyte = 1024 * 1024;
constexpr std::uint64_t bytes_per_lane = 16 * megabyte;  // batches and pieces on their way

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string figures_text(const SessionFigures& figures) {
  return json::serialize(json::object{{"seconds", figures.seconds},
                                      {"bytes_sent", figures.bytes_sent},
                                      {"rounds", figures.rounds},
                                      {"peak_mb", figures.peak_mb}});
}

Terms terms_of(const SessionServices& services, const SessionRequest& request) {
  const auto handles = parties_of(request.plan).tables;
  return {.session = request.id,
          .plan = canonical(request.plan),
          .requester = request.requester,
          .handles = {handles.begin(), handles.end()},
          .protocol = services.protocol};
}

}  // namespace

std::string_view name(SessionState state) {
  switch (state) {
    case SessionState::waiting:
      return "waiting";
    case SessionState::running:
      return "running";
    case SessionState::done:
      return "done";
    case SessionState::failed:
      return "failed";
    case SessionState::cancelled:
      return "cancelled";
  }
  return "";
}

Session::Session(SessionServices services, SessionRecords& records, RunLog& log,
                 SessionRequest request, PreparedRun run)
    : services_(std::move(services)),
      records_(records),
      log_(log),
      request_(std::move(request)),
      run_(std::move(run)),
      started_(Clock::now()),
      limit_({.deadline = started_ + request_.deadline}),
      thread_([this] { live(); }) {}

Session::~Session() { thread_.join(); }

void Session::cancel() { limit_.cancel(); }

void Session::stop() {
  stopping_ = true;
  limit_.cancel();
}

SessionView Session::view(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [&] { return ended(view_.state); });
  SessionView view = view_;
  if (!ended(view.state)) view.figures.seconds = seconds_since(started_);
  return view;
}

bool Session::is_over() {
  const std::lock_guard lock(mutex_);
  return ended(view_.state);
}

void Session::show(double progress, std::string_view step) {
  limit_.check_cancelled();
  const std::lock_guard lock(mutex_);
  view_.progress = progress;
  view_.step = step;
}

void Session::live() noexcept {
  const OnAccount counted(&memory_);
  try {
    end_well(compute());
  } catch (const Error& error) {
    if (error.code() == Code::cancelled && stopping_) {
      end_badly(Code::peer_lost, "session: the node was stopped; ask again when it is back");
    } else {
      end_badly(error.code(), without_paths(error.what(), services_.folder));
    }
  } catch (const std::bad_alloc&) {
    end_badly(Code::busy, "session: this node ran out of memory; try again later");
  } catch (const std::exception& error) {
    end_badly(Code::internal, error.what());
  }
}

Session::Results Session::compute() {
  show(0, "wait for the other nodes");
  const SessionId id = from_hex<16>(request_.id);
  SessionLanes lanes(services_.links, id, limit_);
  try {
    Results results = compute_on(lanes);
    lanes.finish();
    return results;
  } catch (const Error& error) {
    const bool going_down = error.code() == Code::cancelled && stopping_;
    lanes.abort(
        going_down ? Code::peer_lost : error.code(),
        going_down ? "the node was stopped" : without_paths(error.what(), services_.folder));
    throw;
  } catch (const std::exception&) {
    lanes.abort(Code::internal, "out of memory or a mistake; see its log");
    throw;
  }
}

Session::Results Session::compute_on(SessionLanes& lanes) {
  Mesh& mesh = lanes.first();
  show(0, "agree with the other nodes");
  agree(mesh, terms_of(services_, request_));
  const LaneTerms lane_terms = agree_on_lanes(mesh, services_.lanes);
  show(0, "wait for memory");
  Admission::Ticket ticket(services_.admission,
                           run_.memory_bytes + (lane_terms.count - 1) * bytes_per_lane);
  admit(mesh, ticket);
  lanes.widen_to(lane_terms.count, lane_terms.base);
  {
    const std::lock_guard lock(mutex_);
    view_.state = SessionState::running;
  }
  SealedOutbox outbox;
  const auto mpc = make_protocol(services_.protocol, lanes.meshes(), outbox);
  polder::compute(run_, {.mpc = *mpc, .role = services_.role, .tables = services_.tables},
                  [this](double done, std::string_view step) { show(done, step); });
  mpc->check();
  Results results = outbox.seal({.session = from_hex<16>(request_.id),
                                 .role = services_.role,
                                 .run = run_text(request_.plan, request_.requester)},
                                run_.recipients);
  finish_together(mesh);

  const std::lock_guard lock(mutex_);
  view_.figures.rounds = mpc->costs().rounds;
  view_.figures.bytes_sent = lanes.traffic().bytes_sent;
  return results;
}

SessionRecord Session::record_of(const SessionView& view) const {
  const std::int64_t now = now_ms();
  return {.id = request_.id,
          .state = std::string(name(view.state)),
          .plan = canonical(request_.plan),
          .requester = request_.requester,
          .started_ms = now,
          .code = view.message.empty() ? std::string() : std::string(polder::name(view.code)),
          .message = view.message,
          .figures = figures_text(view.figures),
          .expires_ms = now + results_kept_ms};
}

void Session::end_well(const Results& results) {
  SessionView view;
  {
    const std::lock_guard lock(mutex_);
    view_.figures.seconds = seconds_since(started_);
    view_.figures.peak_mb = ceil_div(memory_.peak_bytes(), megabyte);
    view_.progress = 1;
    view_.step = "done";
    view = view_;
  }
  view.state = SessionState::done;
  log_.ended(request_, run_, name(view.state));  // or nobody gets a result
  records_.end(record_of(view), results);        // visible from here on
  services_.metrics.count_work(view.figures.bytes_sent, run_.rows);
  end(SessionState::done);
}

void Session::end_badly(Code code, std::string_view why) {
  const SessionState state =
      code == Code::cancelled ? SessionState::cancelled : SessionState::failed;
  SessionView view;
  {
    const std::lock_guard lock(mutex_);
    view_.figures.seconds = seconds_since(started_);
    view_.code = code;
    view_.message = why;
    view = view_;
  }
  view.state = state;
  try {
    log_.ended(request_, run_, name(view.state));
    records_.end(record_of(view), {});
  } catch (const std::exception& error) {  // the next start will mark it as failed
    log_trouble("session_not_recorded", {{"session", request_.id}, {"why", error.what()}});
  }
  end(state);
}

void Session::end(SessionState state) {
  SessionView view;
  {
    const std::lock_guard lock(mutex_);
    view_.state = state;
    view = view_;
  }
  changed_.notify_all();
  services_.metrics.count_session(name(state));
  log_event("session_ended", {{"session", request_.id},
                              {"state", json::string(name(state))},
                              {"why", view.message},
                              {"rows", run_.rows},
                              {"seconds", view.figures.seconds},
                              {"bytes_sent", view.figures.bytes_sent},
                              {"rounds", view.figures.rounds},
                              {"peak_mb", view.figures.peak_mb}});
}

}  // namespace polder
