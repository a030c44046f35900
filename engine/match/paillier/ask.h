// What the bank that asks does in a run.
#pragma once

#include <vector>

#include "base/progress.h"
#include "match/paillier/run.h"
#include "match/peer_match.h"

namespace polder {

/// One bit for each of the table's rows.
std::vector<bool> ask_banks(PaillierRun& run, const PeerTable& table, const Progress& progress);

}  // namespace polder
