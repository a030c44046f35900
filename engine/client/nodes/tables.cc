#include "client/nodes/tables.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <filesystem>
#include <map>

#include "base/error.h"
#include "base/json.h"

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

std::vector<TableEntry> list_tables(NodeClient& node, std::string_view name,
                                    std::string_view owner) {
  std::vector<TableEntry> entries;
  std::uint64_t after = 0;
  do {
    const boost::json::object answer =
        node.get(fmt::format("/v1/tables?after={}&name={}&owner={}", after, percent_encoded(name),
                             percent_encoded(owner)));
    Fields page(answer, node.who());
    for (const auto& value : page.list("tables", max_tables)) {
      entries.push_back(parse_entry(node, value));
    }
    const std::uint64_t before = after;
    after = page.has("next") ? page.integer("next", before + 1, INT64_MAX) : 0;
  } while (after != 0 && entries.size() < max_tables);
  return entries;
}

TableEntry find_table(NodeClient& node, std::string_view table) {
  const std::size_t at = table.rfind('@');  // no table's name has one
  std::vector<TableEntry> found =
      list_tables(node, table.substr(0, at), at == table.npos ? "" : table.substr(at + 1));
  const auto latest = std::ranges::max_element(
      found, {}, [](const TableEntry& entry) { return entry.manifest.created; });
  if (latest == found.end()) {
    fail(Code::not_found, "there is no table '{}'; polder tables lists them", table);
  }
  return std::move(*latest);
}

TablesEverywhere tables_everywhere(ThreeNodes& nodes) {
  std::array<std::vector<TableEntry>, 3> lists;
  TablesEverywhere found{.tables = {}, .away = nodes.each_reachable([&](NodeClient& node) {
                           lists[static_cast<std::size_t>(node.role())] = list_tables(node);
                         })};
  std::vector<TablePlaces>& all = found.tables;
  std::map<std::string, std::size_t> places;  // of a handle in `all`
  for (std::size_t role = 0; role < 3; ++role) {
    for (TableEntry& entry : lists[role]) {
      const auto [place, is_new] = places.try_emplace(entry.handle, all.size());
      if (is_new) all.push_back({.table = std::move(entry), .at = {}});
      all[place->second].at[role] = true;
    }
  }
  return found;
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
