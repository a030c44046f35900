#include "client/nodes/session.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <mutex>

#include "base/error.h"
#include "base/json.h"
#include "crypto/hex.h"
#include "crypto/random.h"

namespace polder {
namespace {

namespace json = boost::json;

/// What the three watchers of one session share.
class Watch {
 public:
  explicit Watch(const OnProgress& progress) : progress_(progress) {}

  void note(int role, const json::object& view) {
    const std::lock_guard lock(mutex_);
    const json::value* progress = view.if_contains("progress");
    const bool said = progress != nullptr && progress->is_number();
    done_[static_cast<std::size_t>(role)] = said ? progress->to_number<double>() : 0;
    report(progress_, "computing", *std::ranges::min_element(done_));
  }

 private:
  const OnProgress& progress_;
  std::mutex mutex_;
  std::array<double, 3> done_{};
};

constexpr std::uint64_t any = INT64_MAX;

void note_figures(const NodeClient& node, const json::object& view, SessionOutcome& outcome) {
  Fields fields(view, node.who());
  outcome.bytes_sent[static_cast<std::size_t>(node.role())] = fields.integer("bytes_sent", 0, any);
  outcome.rounds = std::max(outcome.rounds, fields.integer("rounds", 0, any));
  outcome.peak_mb = std::max(outcome.peak_mb, fields.integer("peak_mb", 0, any));
}

[[noreturn]] void rethrow(const NodeClient& node, const json::object& view) {
  if (!view.contains("error")) fail(Code::peer_aborted, "{}: the run was stopped", node.who());
  Fields why(Fields(view, node.who()).object("error"), node.who());
  fail(code_named(why.text("code")), "{}: {}", node.who(), why.text("message"));
}

/// Follows the session at one node to its good end.
json::object watch(NodeClient& node, const std::string& path, Watch& shared) {
  while (true) {
    json::object view = node.get(path + "?wait_ms=500");
    shared.note(node.role(), view);
    const std::string state = Fields(view, node.who()).text("state");
    if (state == "done") return view;
    if (state != "waiting" && state != "running") rethrow(node, view);
  }
}

}  // namespace

std::string new_session_id() {
  std::array<std::uint8_t, 16> id;
  random_bytes(id);
  return to_hex(id);
}

SessionOutcome run_session(ThreeNodes& nodes, const std::string& id, const Plan& plan,
                           std::chrono::milliseconds deadline, const OnProgress& progress) {
  const auto start = Clock::now();
  const json::object request{
      {"session", id}, {"plan", to_json(plan)}, {"deadline_ms", deadline.count()}};
  const std::string path = "/v1/sessions/" + id;
  Watch shared(progress);
  SessionOutcome outcome{};
  std::mutex mutex;
  try {
    nodes.each([&](NodeClient& node) {
      node.post("/v1/sessions", request);
      const json::object view = watch(node, path, shared);
      const std::lock_guard lock(mutex);
      note_figures(node, view, outcome);
    });
  } catch (const Error&) {
    nodes.tell_all([&](NodeClient& node) { node.remove(path); });
    throw;
  }
  outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return outcome;
}

}  // namespace polder
