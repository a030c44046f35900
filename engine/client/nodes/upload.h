// Brings a prepared table to the three nodes: each gets only what is its own, in chunks, at the
// same time; the table becomes visible when all three hold everything, and have found, if it is a
// typed one, that its values are what their types say.
#pragma once

#include <string>

#include "client/files/prepared_table.h"
#include "client/keys.h"
#include "client/nodes/three_nodes.h"
#include "client/progress.h"

namespace polder {

/// Uploads or goes on with an upload of the same table; returns its handle. `nodes` sign as the
/// owner, who also signs the manifest.  Throws as NodeClient does; what was sent stays with the
/// nodes, invisible, until the same table is uploaded again or they clean up.
std::string upload(ThreeNodes& nodes, const PreparedTable& table, const SigningKey& owner,
                   const OnProgress& progress);

}  // namespace polder
