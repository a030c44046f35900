// One session at one bank, once all take part: connections to all, agreement, the protocol, a
// common end. Whatever goes wrong is told to the others and leaves no answer anywhere.
#pragma once

#include "peer/bank_links.h"
#include "peer/kept_keys.h"
#include "peer/protocols.h"
#include "peer/terms.h"
#include "peer/watch.h"

namespace polder {

struct BankSession {
  BankLinks& links;
  const SessionTerms& terms;
  const PeerTable& table;
  PeerProtocol* protocol;
  KeptKeys* keys;       // none: this bank keeps no keys
  const KeptKey& kept;  // that its part names
  CancellationToken& cancellation;
  Watch& watch;
  const Progress& progress;
};

struct BankOutcome {
  PeerAnswer answer;
  std::vector<std::uint64_t> bytes_sent;  // by bank, as each says of itself
  std::uint64_t peak_mb = 0;              // of this bank
  double seconds = 0;                     // from the start of the connections
};

/// Uses the kept key if all banks named the same one, and keeps one that the protocol makes: before
/// the common end, so that a bank that cannot write it is named at all.
/// 2 rounds around the protocol's own: the hashes of the terms, compared between all pairs, and at
/// the end 'done'.  Reveals to all banks the traffic of each.  Throws Error forbidden
/// (terms differ, named), what the protocol throws, and whatever ended another bank's part.
BankOutcome run_session(const BankSession& session);

}  // namespace polder
