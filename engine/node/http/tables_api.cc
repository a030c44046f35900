#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "node/http/handlers.h"
#include "node/http/http_status.h"
#include "node/log.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::size_t page_bytes = 256 * 1024;  // of manifests; the last one may go beyond it

json::object to_json(const TableRecord& table) {
  return {{"handle", table.handle}, {"manifest", to_json(table.manifest)}};
}

}  // namespace

HttpResponse list_tables(Services& node, const Call& call) {
  const std::string& query = call.request.query;
  const std::string name = query_text(query, "name"), owner = query_text(query, "owner");
  const TableRecords::Page page = node.tables.published(
      {.after = static_cast<std::int64_t>(query_number(query, "after", INT64_MAX, 0)),
       .name = name,
       .owner = owner,
       .manifest_bytes = page_bytes});
  json::array list;
  for (const TableRecord& table : page.tables) {
    if (table.manifest.serves.listed()) list.push_back(to_json(table));
  }
  json::object answer{{"tables", std::move(list)}};
  if (page.last != 0) answer["next"] = page.last;
  return json_answer(answer);
}

HttpResponse read_table(Services& node, const Call& call) {
  const TableRecord table = node.tables.record(call.parameters[0]);
  if (table.state != TableRecord::State::published || !node.members.named(table.manifest.owner)) {
    fail(Code::not_found, "table: no table has this handle");
  }
  return json_answer(to_json(table));
}

HttpResponse delete_table(Services& node, const Call& call) {
  const TableRecord table = node.tables.record(call.parameters[0]);
  const bool owns = call.member && table.manifest.owner == call.member->name;
  if (!owns && call.operator_role != node.role) {
    fail(Code::forbidden, "table: only its owner or this node's operator may delete it");
  }
  node.tables.remove(table.handle);
  log_event("table_deleted", {{"table", table.handle}});
  return json_answer({{"deleted", table.handle}});
}

}  // namespace polder
