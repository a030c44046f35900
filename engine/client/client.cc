#include "client/client.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/error.h"
#include "client/upload.h"
#include "crypto/hex.h"
#include "store/json.h"

namespace polder {
namespace {

namespace json = boost::json;
constexpr std::size_t max_members = 100'000;

}  // namespace

std::array<Readiness, 3> readiness(const Network& network, Patience& patience) {
  ThreeNodes nodes(network, patience);
  std::array<Readiness, 3> found;
  nodes.each(
      [&](NodeClient& node) { found[static_cast<std::size_t>(node.role())] = node.readiness(); });
  return found;
}

TableEntry upload_file(const Network& network, const PartyFile& file, const FileUpload& as,
                       Patience& patience, const OnProgress& progress) {
  const TableHead head{.name = as.name, .owner = as.owner.name, .serves = as.serves};
  OwnTables::Start start = as.own.start_upload(network.id, head, file);
  const PreparedTable table = prepare_table(file, head, std::move(start.secrets), start.created_ms);
  as.own.keep(table.handle(), file.identifiers);
  ThreeNodes nodes(network, patience, &as.owner.sign);
  upload(nodes, table, as.owner.sign, progress);
  as.own.upload_done(network.id, head, file);
  return {.handle = table.handle(), .manifest = table.manifest};
}

void remove_table(const Network& network, std::string_view handle, const OrganisationKeys& owner,
                  Patience& patience) {
  ThreeNodes nodes(network, patience, &owner.sign);
  nodes.each([&](NodeClient& node) { remove_table(node, handle); });
}

void admit(NodeClient& node, const std::vector<PublicKeys>& members) {
  const json::object answer = node.get("/v1/members");
  const json::array& known = Fields(answer, node.who()).list("members", max_members);
  for (const PublicKeys& member : members) {
    const json::object wanted{
        {"name", member.name}, {"sign", to_hex(member.sign)}, {"seal", to_hex(member.seal)}};
    if (std::ranges::find(known, json::value(wanted)) == known.end()) {
      node.post("/v1/members", wanted);
    }
  }
}

}  // namespace polder
