#include <boost/json/object.hpp>

#include "base/error.h"
#include "node/handlers.h"
#include "node/http_status.h"
#include "node/log.h"
#include "store/json.h"

namespace polder {
namespace json = boost::json;
namespace {

json::object to_json(const TableRecord& table) {
  return {{"handle", table.handle}, {"manifest", to_json(table.manifest)}};
}

}  // namespace

HttpResponse list_tables(Services& node, const Call&) {
  json::array list;
  for (const TableRecord& table : node.tables.published()) {
    if (table.manifest.serves.listed()) list.push_back(to_json(table));
  }
  return json_answer({{"tables", std::move(list)}});
}

HttpResponse read_table(Services& node, const Call& call) {
  const TableRecord table = node.tables.record(call.parameters[0]);
  if (table.state != TableRecord::State::published) {
    fail(Code::not_found, "table: no table has this handle");
  }
  return json_answer(to_json(table));
}

HttpResponse delete_table(Services& node, const Call& call) {
  const TableRecord table = node.tables.record(call.parameters[0]);
  if (table.manifest.owner != call.member->name) {
    fail(Code::forbidden, "table: only its owner may delete it");
  }
  node.tables.remove(table.handle);
  log_event("table_deleted", {{"table", table.handle}});
  return json_answer({{"deleted", table.handle}});
}

}  // namespace polder
