// What a bank that does not ask does in a run.
#pragma once

#include "base/progress.h"
#include "match/paillier/run.h"
#include "match/peer_match.h"

namespace polder {

/// Sends the bank's filter and tables, and does a holder's part if it is one.
void answer_requester(PaillierRun& run, int self, const PeerTable& table, const Progress& progress);

}  // namespace polder
