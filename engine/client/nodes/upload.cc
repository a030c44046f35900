#include "client/nodes/upload.h"

#include <algorithm>
#include <atomic>
#include <boost/json/array.hpp>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "client/nodes/session.h"
#include "crypto/hex.h"

namespace polder {
namespace {

namespace json = boost::json;
constexpr std::chrono::milliseconds finish_timeout{60'000};  // the node reads all data again
constexpr std::chrono::hours ingest_deadline{1};

void append(Bytes& bytes, std::span<const std::uint8_t> more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

/// Component 0's seed goes to nodes 0 and 2, component 1's to 0 and 1; component 2 goes to 1 and 2,
/// and so does the blind of its hash.
Bytes secrets_for(int role, const TableSecrets& secrets) {
  Bytes bytes;
  if (role != 1) append(bytes, secrets.seeds.first.raw());
  if (role != 2) append(bytes, secrets.seeds.second.raw());
  if (role != 0) append(bytes, secrets.blind.raw());
  return bytes;
}

/// Bytes that all nodes together still get, and have got.
struct Transfer {
  const std::uint64_t total;
  const OnProgress& progress;
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<bool> broken = false;  // at one node, so that the others need not go on

  void add(std::uint64_t more) {
    const std::uint64_t now = bytes += more;
    report(progress, "uploading",
           static_cast<double>(now) / static_cast<double>(std::max<std::uint64_t>(total, 1)));
  }
};

/// What a node still wants of a table.
struct Wanted {
  bool seeds;
  std::uint64_t chunk_bytes, chunks;
  std::set<std::uint64_t> have;
};

Wanted parse_wanted(const NodeClient& node, const json::object& state, std::uint64_t data_bytes) {
  Fields fields(state, node.who());
  const std::uint64_t chunk_bytes = fields.integer("chunk_bytes", 1, std::uint64_t{1} << 30);
  const std::uint64_t chunks = ceil_div(data_bytes, chunk_bytes);
  Wanted wanted{.seeds = state.contains("seeds") && state.at("seeds") == json::value(false),
                .chunk_bytes = chunk_bytes,
                .chunks = fields.integer("chunks", 0, chunks),
                .have = {}};
  for (const json::value& number : fields.list("have", chunks)) {
    if (number.is_int64()) wanted.have.insert(static_cast<std::uint64_t>(number.get_int64()));
  }
  return wanted;
}

void send_chunks(NodeClient& node, const Wanted& wanted, std::span<const std::uint8_t> data,
                 const std::string& path, Transfer& transfer) {
  for (std::uint64_t i = 0; i < wanted.chunks; ++i) {
    if (transfer.broken) fail(Code::peer_aborted, "{}: another node's upload failed", node.who());
    const std::uint64_t at = i * wanted.chunk_bytes;
    const auto chunk =
        data.subspan(at, std::min<std::uint64_t>(wanted.chunk_bytes, data.size() - at));
    if (!wanted.have.contains(i)) node.put(fmt::format("{}/chunks/{}", path, i), chunk);
    transfer.add(chunk.size());
  }
}

/// Everything up to the node's receipt.
json::object send_share(NodeClient& node, const PreparedTable& table, const json::object& opening,
                        Transfer& transfer) {
  const auto data = bytes_of(std::span<const std::uint64_t>(table.data));
  const Wanted wanted = parse_wanted(node, node.post("/v1/uploads", opening), data.size());
  const std::string path = fmt::format("/v1/uploads/{}", table.handle());
  if (wanted.seeds) node.put(path + "/seeds", secrets_for(node.role(), table.secrets));
  send_chunks(node, wanted, data, path, transfer);
  const json::object finished = node.post(path + "/finish", {}, finish_timeout);
  return Fields(finished, node.who()).object("receipt");
}

}  // namespace

std::string upload(ThreeNodes& nodes, const PreparedTable& table, const SigningKey& owner,
                   const OnProgress& progress) {
  const json::object opening{{"manifest", to_json(table.manifest)},
                             {"signature", to_hex(owner.sign(canonical(table.manifest)))}};
  Transfer transfer{.total = 2 * table.manifest.data_bytes, .progress = progress};
  std::array<json::object, 3> receipts;
  nodes.each([&](NodeClient& node) {
    try {
      receipts[static_cast<std::size_t>(node.role())] = send_share(node, table, opening, transfer);
    } catch (...) {
      transfer.broken = true;
      throw;
    }
  });
  if (!table.manifest.schema.empty()) {
    const IngestPlan check{.tables = {table.handle()}, .parties = {table.manifest.owner}, .to = {}};
    run_session(nodes, new_session_id(), check, ingest_deadline, progress);
  }
  const json::object all{{"receipts", json::array(receipts.begin(), receipts.end())}};
  const std::string path = fmt::format("/v1/uploads/{}/publish", table.handle());
  nodes.each([&](NodeClient& node) { node.post(path, all); });
  return table.handle();
}

}  // namespace polder
