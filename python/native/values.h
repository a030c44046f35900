// What the native functions give back, as JSON text that polder.native turns into Python values.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "client/bank_lookup.h"
#include "client/bank_match.h"
#include "client/client.h"
#include "client/lookup.h"
#include "client/match.h"
#include "client/nodes/runs.h"
#include "client/nodes/tables.h"

namespace polder {

/// The network's nodes and, if it is given, how each of them is.
std::string to_text(const Network& network, std::span<const Readiness> states);
std::string to_text(const TablesEverywhere& found);
std::string to_text(const std::vector<RunEntry>& runs);
std::string to_text(const std::vector<MemberPlaces>& members);
std::string to_text(const Told& told);
std::string to_text(const std::vector<MatchInput>& inputs);
std::string to_text(const MatchOutcome& outcome, const MatchOptions& options);
/// What one bank learned, in the same form.
std::string to_text(const BankMatchOutcome& outcome, const Asking& asking);
std::string to_text(const LookupOutcome& outcome);
std::string to_text(const BankLookupOutcome& outcome);
/// What was read of the file of the party `name`.
std::string to_text(const PartyFile& file, const std::string& name);
std::string to_text(const Learned& learned);
std::string to_text(const Member& keys);

/// An uploaded table and what was read of its file.
std::string to_text(const TableEntry& table, const PartyFile& file);

}  // namespace polder
