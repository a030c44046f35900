// A match without a third party as one bank uses it: its file in, its matched identifiers out.
#pragma once

#include <filesystem>
#include <string>

#include "client/files/party_file.h"
#include "client/files/result_files.h"
#include "client/learned.h"
#include "client/progress.h"
#include "peer/ask.h"

namespace polder {

/// A file as a peer protocol takes it.
PeerTable peer_table(const PartyFile& file);

/// Reads a bank's file; identifiers are hashed under the network's key.  Throws as read_party_file.
PartyFile read_bank_file(const std::string& path, PartyFileOptions columns,
                         const BankNetwork& network, const OnProgress& progress);

struct BankMatchOutcome {
  std::string session;  // 32 hex digits
  std::string bank;     // that asked
  Learned learned;
  BankOutcome figures;
};

/// Asks all other banks of the network and writes BANK.csv into `out` once all parts ended well.
class BankMatch {
 public:
  /// `folder`: this bank's, with its key.  Throws Error bad_input, not_found, forbidden.
  BankMatch(const std::filesystem::path& network, const std::filesystem::path& folder);

  const std::string& bank() const;

  const PartyFile& read(const std::string& file, const PartyFileOptions& columns,
                        const OnProgress& progress);
  /// The key that a protocol makes is kept in the bank's folder: `asking.keys` is set here.  Throws
  /// as `ask`; bad_input if flags count and the file has none. Then nothing is written.
  BankMatchOutcome run(Asking asking, const ResultPlace& out, CancellationToken& cancellation,
                       const OnProgress& progress);

 private:
  const BankNetwork network_;
  const BankIdentity identity_;
  BankLinks links_;
  KeptKeys keys_;
  PartyFile file_;
};

}  // namespace polder
