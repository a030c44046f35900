// What an organisation does at the nodes of a network besides matching: see how they are, list,
// upload and remove tables, admit members.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "client/keys.h"
#include "client/own_tables.h"
#include "client/progress.h"
#include "client/tables.h"
#include "client/three_nodes.h"

namespace polder {

/// How each node is, by role.
std::array<Readiness, 3> readiness(const Network& network, Patience& patience);

/// What goes with a file that becomes a table.
struct FileUpload {
  std::string name;
  TableRule serves;
  const OrganisationKeys& owner;
  const OwnTables& own;  // where its identifiers are kept
};

/// Uploads a file that was read; an upload of the same contents that broke off is gone on with.
/// The identifiers are kept before the table is visible.
TableEntry upload_file(const Network& network, const PartyFile& file, const FileUpload& as,
                       Patience& patience, const OnProgress& progress);

/// Removes a table of `owner` at all three nodes.
void remove_table(const Network& network, std::string_view handle, const OrganisationKeys& owner,
                  Patience& patience);

/// Admits those organisations that a node does not have yet, signed with that node's own key.
void admit(NodeClient& node, const std::vector<PublicKeys>& members);

}  // namespace polder
