#include <boost/json/object.hpp>
#include <charconv>

#include "base/error.h"
#include "base/json.h"
#include "base/wall_clock.h"
#include "crypto/hex.h"
#include "node/http/handlers.h"
#include "node/http/http_status.h"
#include "node/log.h"

namespace polder {
namespace json = boost::json;
namespace {

/// What the client needs to go on: which chunks are still to be sent, and whether the seeds are.
json::object progress(Services& node, const TableRecord& upload) {
  json::array have;
  bool seeds = false;
  for (const std::int64_t number : node.tables.have(upload.handle)) {
    if (number >= 0) have.push_back(number);
    seeds = seeds || number < 0;
  }
  return {{"upload", upload.handle},    {"state", json::string(name(upload.state))},
          {"chunk_bytes", chunk_bytes}, {"chunks", node.tables.chunk_count(upload.manifest)},
          {"have", std::move(have)},    {"seeds", seeds}};
}

/// The caller's own upload.
TableRecord own_upload(Services& node, const Call& call) {
  TableRecord upload = node.tables.record(call.parameters[0]);
  if (upload.manifest.owner != call.member->name) {
    fail(Code::forbidden, "upload: it belongs to another organisation");
  }
  return upload;
}

std::uint64_t parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    fail(Code::bad_input, "upload: a chunk's number is a whole number");
  }
  return number;
}

}  // namespace

HttpResponse begin_upload(Services& node, const Call& call) {
  const json::object object = parse_object(call.request.text(), "upload");
  Fields fields(object, "upload");
  const Manifest manifest = parse_manifest(fields.object("manifest"));
  const auto signature = from_hex<64>(fields.hex("signature", 64));
  fields.done();
  if (manifest.owner != call.member->name) {
    fail(Code::forbidden, "upload: the manifest names another owner than the one who signed");
  }
  const TableRecord upload = node.tables.begin(manifest, signature, *call.member, now_ms());
  return json_answer(progress(node, upload), 201);
}

HttpResponse read_upload(Services& node, const Call& call) {
  return json_answer(progress(node, node.tables.record(call.parameters[0])));
}

HttpResponse put_seeds(Services& node, const Call& call) {
  const TableRecord upload = own_upload(node, call);
  node.tables.put_seeds(upload.handle, call.request.body);
  return json_answer({{"seeds", true}});
}

HttpResponse put_chunk(Services& node, const Call& call) {
  const TableRecord upload = own_upload(node, call);
  const std::uint64_t number = parse_number(call.parameters[1]);
  node.tables.put_chunk(upload.handle, number, call.request.body);
  node.metrics.count_upload(call.request.body.size());
  return json_answer({{"chunk", number}});
}

HttpResponse finish_upload(Services& node, const Call& call) {
  const TableRecord upload = own_upload(node, call);
  return json_answer({{"receipt", to_json(node.tables.finish(upload.handle))}});
}

HttpResponse publish_upload(Services& node, const Call& call) {
  const TableRecord upload = own_upload(node, call);
  const json::object object = parse_object(call.request.text(), "publish");
  Fields fields(object, "publish");
  std::vector<Receipt> receipts;
  for (const json::value& receipt : fields.list("receipts", 3)) {
    if (!receipt.is_object()) fail(Code::bad_input, "publish: a receipt must be an object");
    receipts.push_back(parse_receipt(receipt.get_object()));
  }
  fields.done();
  node.tables.publish(upload.handle, receipts);
  log_event("table_published", {{"table", upload.handle}, {"rows", upload.manifest.rows}});
  return json_answer({{"table", upload.handle}});
}

HttpResponse delete_upload(Services& node, const Call& call) {
  const TableRecord upload = own_upload(node, call);
  if (upload.state == TableRecord::State::published) {
    fail(Code::bad_input, "upload: it is published; delete the table instead");
  }
  node.tables.remove(upload.handle);
  return json_answer({{"deleted", upload.handle}});
}

}  // namespace polder
