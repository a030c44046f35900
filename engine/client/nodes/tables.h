// What is uploaded at the nodes of a network.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "client/nodes/three_nodes.h"
#include "wire/manifest.h"

namespace polder {

struct TableEntry {
  std::string handle;
  Manifest manifest;
};

/// Whether an input names an uploaded table (clients@A) and not a file. Throws Error bad_input if
/// it may be both.
bool is_table(const std::string& input);

/// All tables at a node, or those of one name and owner; as many pages as there are. The node's key
/// or a member's has to sign.
std::vector<TableEntry> list_tables(NodeClient& node, std::string_view name = {},
                                    std::string_view owner = {});

/// The table NAME@OWNER, the latest if there are several. Throws Error not_found.
TableEntry find_table(NodeClient& node, std::string_view table);

/// The tables of a network, and at which of its nodes each is: a deletion that a node has not heard
/// of yet, or a backup, lets them differ.
struct TablePlaces {
  TableEntry table;
  std::array<bool, 3> at;
};
struct TablesEverywhere {
  std::vector<TablePlaces> tables;
  std::array<std::string, 3> away;  // why a node could not be asked; empty if it was
};
TablesEverywhere tables_everywhere(ThreeNodes& nodes);

/// Removes a table, or what there is of an upload. Nothing to remove is no error.
void remove_table(NodeClient& node, std::string_view handle);

}  // namespace polder
