#include "client/client.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/wall_clock.h"
#include "client/files/typed_table.h"
#include "client/nodes/upload.h"
#include "crypto/hex.h"

namespace polder {
namespace {

namespace json = boost::json;
constexpr std::size_t max_members = 100'000;

/// A notice of now, not yet signed.
Notice about(Notice::Kind kind, std::string what, std::optional<Member> member = {}) {
  return {.kind = kind,
          .about = std::move(what),
          .member = std::move(member),
          .time_ms = now_ms(),
          .signer = {},
          .signature = {}};
}

}  // namespace

std::array<Readiness, 3> readiness(const Network& network, CancellationToken& cancellation) {
  ThreeNodes nodes(network, cancellation);
  std::array<Readiness, 3> found;
  nodes.each(
      [&](NodeClient& node) { found[static_cast<std::size_t>(node.role())] = node.readiness(); });
  return found;
}

TableEntry upload_file(const Network& network, const PartyFile& file, const FileUpload& as,
                       CancellationToken& cancellation, const OnProgress& progress) {
  const TableHead head{.name = as.name, .owner = as.owner.name, .serves = as.serves};
  OwnTables::Start start = as.own.start_upload(network.id, head, file);
  const PreparedTable table = prepare_table(file, head, std::move(start.secrets), start.created_ms);
  as.own.keep(table.handle(), file.identifiers);
  ThreeNodes nodes(network, cancellation, &as.owner.sign);
  upload(nodes, table, as.owner.sign, progress);
  as.own.upload_done(network.id, head, file);
  return {.handle = table.handle(), .manifest = table.manifest};
}

TableEntry upload_table(const Network& network, const PlainTable& table, const TypedUpload& as,
                        CancellationToken& cancellation, const OnProgress& progress) {
  const PreparedTable prepared =
      prepare_typed_table(table, {.name = as.name, .owner = as.owner.name, .serves = as.serves},
                          TableSecrets::random(), static_cast<std::uint64_t>(now_ms()));
  ThreeNodes nodes(network, cancellation, &as.owner.sign);
  try {
    upload(nodes, prepared, as.owner.sign, progress);
  } catch (const Error&) {
    nodes.tell_all([&](NodeClient& node) { remove_table(node, prepared.handle()); });
    throw;
  }
  return {.handle = prepared.handle(), .manifest = prepared.manifest};
}

namespace {

/// Over these lines, on which a node that was away is not waited for again.
Told tell(ThreeNodes& nodes, const Network& network, const Notice& notice,
          const SigningKey& signer) {
  const json::object said = to_json(signed_notice(network.id, notice, signer));
  Told told;
  std::mutex mutex;
  const auto away = nodes.each_reachable([&](NodeClient& node) {
    try {
      const json::object answer = node.post("/v1/notices", said);
      const std::lock_guard lock(mutex);
      told.alike = Fields(answer, node.who()).texts("alike", max_members);
    } catch (const Error& error) {
      // Deleted there already: nothing is left to do.
      if (notice.kind != Notice::Kind::delete_table || error.code() != Code::not_found) throw;
    }
  });
  std::ranges::copy_if(away, std::back_inserter(told.away), [](auto& why) { return !why.empty(); });
  return told;
}

}  // namespace

Told tell(const Network& network, const Notice& notice, const SigningKey& signer,
          CancellationToken& cancellation) {
  ThreeNodes nodes(network, cancellation, &signer);
  return tell(nodes, network, notice, signer);
}

Told remove_table(const Network& network, std::string_view handle, const SigningKey& signer,
                  CancellationToken& cancellation) {
  return tell(network, about(Notice::Kind::delete_table, std::string(handle)), signer,
              cancellation);
}

Told expel(const Network& network, const std::string& member, const SigningKey& signer,
           CancellationToken& cancellation) {
  return tell(network, about(Notice::Kind::expel, member), signer, cancellation);
}

Told replace_keys(const Network& network, const Member& member, const SigningKey& signer,
                  CancellationToken& cancellation) {
  return tell(network, about(Notice::Kind::replace, member.name, member), signer, cancellation);
}

std::vector<MemberPlaces> members_everywhere(ThreeNodes& nodes) {
  std::array<json::object, 3> lists;
  const auto away = nodes.each_reachable([&](NodeClient& node) {
    lists[static_cast<std::size_t>(node.role())] = node.get("/v1/members");
  });
  std::map<std::pair<std::string, std::string>, std::array<std::string, 3>> found;
  for (std::size_t role = 0; role < 3; ++role) {
    if (!away[role].empty()) continue;
    for (const json::value& each : Fields(lists[role], "members").list("members", max_members)) {
      if (!each.is_object()) fail(Code::cheating, "node {} lists a member that is none", role);
      Fields member(each.get_object(), "member");
      found[{member.text("name"), member.text("fingerprint")}][role] = member.text("state");
    }
  }
  std::vector<MemberPlaces> all;
  for (const auto& [who, at] : found) all.push_back({who.first, who.second, at});
  return all;
}

Told admit(const Network& network, const std::vector<Member>& members, const SigningKey& signer,
           CancellationToken& cancellation) {
  ThreeNodes nodes(network, cancellation, &signer);
  std::array<std::set<std::string>, 3> known;  // fingerprints of those who are admitted
  nodes.each_reachable([&](NodeClient& node) {
    const json::object answer = node.get("/v1/members");
    for (const json::value& each : Fields(answer, node.who()).list("members", max_members)) {
      Fields member(each.as_object(), node.who());
      if (member.text("state") != "admitted") continue;
      known[static_cast<std::size_t>(node.role())].insert(member.text("fingerprint"));
    }
  });
  Told all;
  for (const Member& member : members) {
    const std::string print = fingerprint(member);
    if (std::ranges::all_of(known, [&](const auto& at) { return at.contains(print); })) continue;
    Told told = tell(nodes, network, about(Notice::Kind::admit, member.name, member), signer);
    all.away = std::move(told.away);
    all.alike.insert(all.alike.end(), told.alike.begin(), told.alike.end());
  }
  return all;
}

}  // namespace polder
