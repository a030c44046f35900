// Whether the owners approved a run whose tables want that: each node decides from the statements
// that it keeps, by its own clock, and counts runs itself.
#pragma once

#include <string>
#include <vector>

#include "node/rules.h"
#include "store/statements.h"

namespace polder {

/// Where approvals are, and what their signatures are checked with.
struct ApprovalSources {
  Statements& statements;
  Members& members;
  std::string_view network;  // id in hex
};

/// The ids of the approvals that the run uses: one of each owner with a table that wants it, given
/// with the owner's present key. None where who asks owns all tables and alone learns something.
/// Throws Error forbidden naming every owner whose approval is missing, and why.
std::vector<std::string> approvals_of(const PreparedRun& run, const Asked& asked,
                                      const ApprovalSources& from);

}  // namespace polder
