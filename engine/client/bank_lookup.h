// A look-up in another bank's register, without a third party, as the bank that asks uses it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "client/lookup.h"
#include "peer/lookup/lookup.h"

namespace polder {

struct BankLookupOptions {
  std::vector<std::string> identifiers;  // as people write them
  std::string input = {};                // a text that they are read from, if there are none here
  std::string bank;                      // whose register
  std::vector<std::string> key = {};     // columns in the order of asking; none: the register's
  Placeholders placeholders = Placeholders::leave_out;
  std::string fingerprint;  // of the list, in hex; empty: any
};

struct BankLookupOutcome {
  std::vector<LookupReply> replies;  // with a report where the register gives any
  std::string fingerprint;
  std::uint64_t entries = 0;     // of the list: the public bound on the register
  std::uint64_t list_bytes = 0;  // received now: 0 if the list was kept from an earlier look-up
  double seconds = 0;
};

/// `folder`: this bank's, with its key and the lists that it has seen.  Throws Error bad_input
/// (identifiers), not_found (the bank), cheating (another list than `fingerprint`), and as look_up.
BankLookupOutcome look_up_at_bank(const std::filesystem::path& network,
                                  const std::filesystem::path& folder,
                                  const BankLookupOptions& options,
                                  CancellationToken& cancellation);

}  // namespace polder
