#include "client/bank_lookup.h"

#include <algorithm>

#include "base/error.h"
#include "base/text_file.h"
#include "client/bank_match.h"
#include "crypto/hex.h"
#include "match/delegated/lookup.h"

namespace polder {
namespace {

static_assert(max_looked_up == max_questions, "a look-up is as large here as at the three nodes");

std::vector<LookupReply> replies_to(const std::vector<std::string>& identifiers,
                                    const LookedUp& found) {
  std::vector<LookupReply> replies;
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    LookupReply reply{.identifier = identifiers[i], .found = found.reports[i].has_value()};
    if (reply.found && found.list.shape.report_bytes > 0)
      reply.report = report_text(bytes_of(std::string_view(*found.reports[i])));
    replies.push_back(std::move(reply));
  }
  return replies;
}

}  // namespace

BankLookupOutcome look_up_at_bank(const std::filesystem::path& network,
                                  const std::filesystem::path& folder,
                                  const BankLookupOptions& options, Patience& patience) {
  const auto start = Clock::now();
  const BankNetwork banks = parse_bank_network(read_text(network));
  const BankIdentity identity = read_identity(folder);
  check_question_count(options.identifiers.size());
  MatchingKey key;
  std::ranges::copy(banks.matching_key, key.begin());
  PartyFile asked;
  asked.hashes = hashed_questions(key, options.identifiers, options.key_columns);
  BankLinks links({.network = banks, .identity = identity});
  const int bank = banks.bank_named(options.bank);
  if (bank == links.self())
    fail(Code::bad_input, "'{}' is this bank itself; look in its own file", options.bank);

  const LookedUp found =
      look_up(links, bank, peer_table(asked).identifiers, folder / "registers", patience);
  BankLookupOutcome outcome{.replies = {},
                            .fingerprint = to_hex(found.list.fingerprint),
                            .entries = found.list.shape.entries,
                            .list_bytes = found.list_was_kept ? 0 : found.list.shape.bytes()};
  if (!options.fingerprint.empty() && options.fingerprint != outcome.fingerprint) {
    fail(Code::cheating, "the register of '{}' has the fingerprint {}, not {}; ask why it changed",
         options.bank, outcome.fingerprint, options.fingerprint);
  }
  outcome.replies = replies_to(options.identifiers, found);
  outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return outcome;
}

}  // namespace polder
