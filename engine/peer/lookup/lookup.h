// A look-up between two banks: docs/protocols/lookup.md. One asks, the other has a register; no
// other bank takes part.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "peer/asked_rows.h"
#include "peer/bank_links.h"
#include "peer/lookup/lookup_terms.h"

namespace polder {

/// The service of a bank's register. Thread-safe.
class LookupService {
 public:
  struct Options {
    const RegisterRows& rows;         // used while the look-up service is made
    std::uint64_t bound = 0;          // of the rows that others see; 0: a little more than they are
    std::filesystem::path folder;     // the bank's own, where its seed is kept
    AskedRows& asked;                 // outlives the look-up service
    std::vector<KeyColumn> key = {};  // what the rows' identifiers were made of
  };
  /// Makes the list: some 100 microseconds a row, on all cores.  Throws Error bad_input (the
  /// bound, a register too large), forbidden (the folder).
  explicit LookupService(const Options& options);

  const PublishedList& list() const { return list_; }
  const std::vector<KeyColumn>& key() const { return key_; }

  /// Counts, then answers. `requester`: who the connection proves it to be.  Throws Error busy when
  /// the limit is reached, cheating for what is no point.
  LookupAnswer answer(const LookupQuery& query, const BankCard& requester);

 private:
  const PublishedList list_;
  const std::vector<KeyColumn> key_;
  AskedRows& asked_;
};

/// The service's part once its answer went out: the list, if the requester wants it.
void hand_out_list(Channel& to, const PublishedList& list);

struct LookedUp {
  std::vector<std::optional<std::string>> reports;  // [n], padded; nothing: not in the register
  ListHead list;
  bool list_was_kept = false;  // from an earlier look-up
};

/// The identifiers to look up, hashed as those of a register with this key.
using HashedFor = std::function<std::vector<IdentifierHash>(const std::vector<KeyColumn>& key)>;

/// Asks the register of another bank. `lists`: the folder where lists are kept, made if need be.
/// What is sent, and when the connection ends, does not depend on what is found.  6 messages;
/// reveals to that bank how many identifiers, and whether its list was at hand.  Throws what
/// `hashed` throws, the refusal of that bank, cheating if its answer or list is not what it proves,
/// and as `dial`.
LookedUp look_up(BankLinks& links, int bank, const HashedFor& hashed,
                 const std::filesystem::path& lists, CancellationToken& cancellation);

}  // namespace polder
