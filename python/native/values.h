// What the native functions give back, as JSON text that polder.native turns into Python values.
#pragma once

#include <string>
#include <vector>

#include "client/match.h"
#include "client/tables.h"

namespace polder {

std::string to_text(const Network& network, const std::vector<std::string>& obstacles);
std::string to_text(const std::vector<TableEntry>& tables);
std::string to_text(const std::vector<MatchInput>& inputs);
std::string to_text(const MatchOutcome& outcome, const MatchOptions& options);
std::string to_text(const PublicKeys& keys);

/// An uploaded table and what was read of its file.
std::string to_text(const TableEntry& table, const PartyFile& file);

}  // namespace polder
