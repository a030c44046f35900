// What is uploaded at the nodes of a network.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/node_client.h"
#include "store/manifest.h"

namespace polder {

struct TableEntry {
  std::string handle;
  Manifest manifest;
};

/// Whether an input names an uploaded table (clients@A) and not a file. Throws Error bad_input if
/// it may be both.
bool is_table(const std::string& input);

std::vector<TableEntry> list_tables(NodeClient& node);

/// The table NAME@OWNER, the latest if there are several. Throws Error not_found.
TableEntry find_table(NodeClient& node, std::string_view table);

/// Removes a table, or what there is of an upload. Nothing to remove is no error.
void remove_table(NodeClient& node, std::string_view handle);

}  // namespace polder
