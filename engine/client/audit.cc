#include "client/audit.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <mutex>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/json_fields.h"
#include "crypto/certificate.h"
#include "crypto/hex.h"

namespace polder {
namespace {

namespace json = boost::json;
constexpr std::size_t entries_a_page = 2000;
constexpr std::uint64_t any_size = std::uint64_t{1} << 52;

/// One page: its entries go through the reader; true if the log ends with it.
bool read_page(NodeClient& node, const VerifyKey& key, AuditReader& reader, NodeAudit& into) {
  const json::object page =
      node.get(fmt::format("/v1/audit?from={}&most={}", reader.head().size, entries_a_page));
  Fields fields(page, node.who());
  const json::array& list = fields.list("entries", entries_a_page);
  for (const json::value& item : list) {
    if (!item.is_object()) fail(Code::cheating, "{} lists an entry that is none", node.who());
    Fields entry(item.get_object(), node.who());
    if (entry.has("text")) {
      into.entries.push_back(reader.add(entry.text("text", std::size_t{1} << 20)));
    } else {
      reader.add(from_hex<32>(entry.hex("digest", 32)));
    }
  }
  const AuditHead head{.size = static_cast<std::int64_t>(fields.integer("size", 0, any_size)),
                       .link = from_hex<32>(fields.hex("link", 32))};
  if (head.size > reader.head().size && !list.empty()) return false;
  reader.finish(head, from_hex<64>(fields.hex("signature", 64)), key);
  into.head = head;
  return true;
}

/// What one node says of one run.
struct RunSeen {
  std::string run;  // digest of what it was and who asked; empty: it did not begin there
  std::string state;
};

/// A node's entries in their order: its runs, and whether each was within the approvals that the
/// node had then.
class NodeRuns {
 public:
  NodeRuns(int role, std::vector<std::string>& problems) : role_(role), problems_(problems) {}

  void add(const AuditEntry& entry) {
    if (entry.event == "approval") approvals_[text(entry, "id")] = {max_runs(entry), 0};
    if (entry.event == "revocation") revoked_.insert(text(entry, "approval", "statement"));
    if (entry.event == "run_begun") begun(entry);
    if (entry.event == "run_ended") runs_[text(entry, "session")].state = text(entry, "state");
  }

  const std::map<std::string, RunSeen>& runs() const { return runs_; }

 private:
  struct Used {
    std::int64_t most, runs;
  };

  static std::string text(const AuditEntry& entry, std::string_view name,
                          std::string_view within = {}) {
    const Json about(entry.about);
    JsonFields outer(about, "audit entry");
    if (within.empty()) return outer.text(name);
    return JsonFields(outer.at(within), "audit entry").text(name);
  }

  static std::int64_t max_runs(const AuditEntry& entry) {
    const Json about(entry.about);
    JsonFields statement(JsonFields(about, "audit entry").at("statement"), "audit entry");
    return JsonFields(statement.at("terms"), "audit entry")
        .integer("max_runs", 0, Json::max_integer);
  }

  void begun(const AuditEntry& entry) {
    const std::string session = text(entry, "session");
    runs_[session].run = text(entry, "run");
    const Json about(entry.about);
    for (const Json& item : JsonFields(about, "audit entry").list("approvals")) {
      const auto* const id = item.get_if<std::string>();
      if (id == nullptr) fail(Code::cheating, "audit: node {} names no approval", role_);
      const auto used = approvals_.find(*id);
      if (used == approvals_.end()) {
        say("began run {} with approval {}, which it did not have", session, *id);
      } else if (revoked_.contains(*id)) {
        say("began run {} with approval {}, which was revoked", session, *id);
      } else if (++used->second.runs > used->second.most) {
        say("began run {} with approval {}, whose {} runs were used", session, *id,
            used->second.most);
      }
    }
  }

  template <typename... Parts>
  void say(fmt::format_string<Parts...> what, Parts&&... parts) {
    problems_.push_back(
        fmt::format("node {} {}", role_, fmt::format(what, std::forward<Parts>(parts)...)));
  }

  int role_;
  std::vector<std::string>& problems_;
  std::map<std::string, Used> approvals_;
  std::set<std::string> revoked_;
  std::map<std::string, RunSeen> runs_;
};

}  // namespace

std::size_t compare_runs(const std::array<NodeAudit, 3>& nodes,
                         std::vector<std::string>& problems) {
  std::vector<std::pair<int, std::map<std::string, RunSeen>>> seen;
  std::set<std::string> done;  // somewhere
  for (int role = 0; role < 3; ++role) {
    const NodeAudit& node = nodes[static_cast<std::size_t>(role)];
    if (!node.away.empty()) continue;
    NodeRuns runs(role, problems);
    for (const AuditEntry& entry : node.entries) runs.add(entry);
    for (const auto& [session, run] : runs.runs()) {
      if (run.state == "done") done.insert(session);
    }
    seen.emplace_back(role, runs.runs());
  }
  std::size_t alike = 0;
  for (const std::string& session : done) {
    const std::size_t before = problems.size();
    std::string run;
    for (const auto& [role, runs] : seen) {
      const auto found = runs.find(session);
      if (found == runs.end() || found->second.run.empty()) {
        problems.push_back(
            fmt::format("run {} is done, and node {} did not begin it", session, role));
      } else if (!run.empty() && found->second.run != run) {
        problems.push_back(fmt::format("run {} was another one at node {}", session, role));
      } else if (found->second.state != "done") {
        problems.push_back(
            fmt::format("run {} is done, and node {} does not say so", session, role));
      } else {
        run = found->second.run;
      }
    }
    if (problems.size() == before) ++alike;
  }
  return alike;
}

AuditReport audit(const Network& network, const SigningKey& signer, const AuditHeads& kept,
                  CancellationToken& cancellation) {
  AuditReport report;
  std::mutex mutex;
  ThreeNodes nodes(network, cancellation, &signer);
  const auto away = nodes.each_reachable([&](NodeClient& node) {
    const auto role = static_cast<std::size_t>(node.role());
    AuditReader reader(network.id, node.role(), kept[role]);
    const VerifyKey key = Certificate::parse(network.nodes[role].certificate).verify_key();
    try {
      while (!read_page(node, key, reader, report.nodes[role])) {
      }
    } catch (const Error& error) {
      if (error.code() != Code::cheating) throw;
      const std::lock_guard lock(mutex);
      report.problems.emplace_back(error.what());
    }
  });
  for (std::size_t role = 0; role < 3; ++role) report.nodes[role].away = away[role];
  report.runs = compare_runs(report.nodes, report.problems);
  return report;
}

}  // namespace polder
