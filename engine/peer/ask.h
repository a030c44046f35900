// A bank that asks all others a query and learns the answer.
#pragma once

#include "peer/session.h"

namespace polder {

struct Asking {
  std::string protocol;
  std::uint64_t threshold = 2;
  bool flags = true;
  std::vector<KeyColumn> key = {};  // what the table's identifiers were made of
  KeptKeys* keys = nullptr;         // of this bank; none: it keeps no keys
  bool new_key = false;             // not the kept one
  std::uint64_t bound = 0;          // of the own table's rows; 0: a little more than they are
  std::chrono::milliseconds deadline{3'600'000};  // of the whole
  std::chrono::milliseconds silence = bank_silence;
  std::chrono::milliseconds greeting_silence = bank_silence;  // until a bank says if it takes part
};

struct AskedOutcome {
  SessionId session;
  BankOutcome outcome;
};

/// Calls all other banks; each must take part.  Throws Error bad_input (protocol, threshold,
/// bound), the refusal of a bank that takes no part, and what run_session throws. `find` is for
/// tests.
AskedOutcome ask(BankLinks& links, const Asking& asking, const PeerTable& table,
                 CancellationToken& cancellation, const Progress& progress,
                 PeerProtocol* (*find)(std::string_view) = peer_protocol);

}  // namespace polder
