#include "client/tables.h"

#include <boost/json/array.hpp>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "store/json.h"

namespace polder {
namespace {

constexpr std::size_t max_tables = 1'000'000;

TableEntry parse_entry(const NodeClient& node, const boost::json::value& value) {
  if (!value.is_object()) fail(Code::cheating, "{} lists a table that is none", node.who());
  Fields fields(value.get_object(), node.who());
  TableEntry entry{.handle = fields.text("handle"),
                   .manifest = parse_manifest(fields.object("manifest"))};
  if (entry.handle != handle_of(entry.manifest)) {
    fail(Code::cheating, "{} lists table {} under another handle than its own", node.who(),
         handle_of(entry.manifest));
  }
  return entry;
}

}  // namespace

bool is_table(const std::string& input) {
  if (input.find('@') == std::string::npos || input.find('/') != std::string::npos) return false;
  std::error_code ignored;
  if (!std::filesystem::exists(input, ignored)) return true;
  fail(Code::bad_input,
       "{} may be an uploaded table, but a file here is called so too; write ./{} for the file, or "
       "ask for the table from another folder",
       input, input);
}

std::vector<TableEntry> list_tables(NodeClient& node) {
  const boost::json::object answer = node.get("/v1/tables");
  std::vector<TableEntry> entries;
  for (const auto& value : Fields(answer, node.who()).list("tables", max_tables)) {
    entries.push_back(parse_entry(node, value));
  }
  return entries;
}

TableEntry find_table(NodeClient& node, std::string_view table) {
  std::optional<TableEntry> latest;
  for (TableEntry& entry : list_tables(node)) {
    if (fmt::format("{}@{}", entry.manifest.name, entry.manifest.owner) != table) continue;
    if (!latest || entry.manifest.created > latest->manifest.created) latest = std::move(entry);
  }
  if (!latest) fail(Code::not_found, "there is no table '{}'; polder tables lists them", table);
  return std::move(*latest);
}

void remove_table(NodeClient& node, std::string_view handle) {
  for (const char* kind : {"tables", "uploads"}) {
    try {
      node.remove(fmt::format("/v1/{}/{}", kind, handle));
    } catch (const Error& error) {
      if (error.code() != Code::not_found && error.code() != Code::bad_input) throw;
    }
  }
}

}  // namespace polder
