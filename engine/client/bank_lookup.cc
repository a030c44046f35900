#include "client/bank_lookup.h"

#include <algorithm>
#include <exception>

#include "base/error.h"
#include "base/text_file.h"
#include "client/bank_match.h"
#include "client/queries.h"
#include "crypto/hex.h"
#include "crypto/random.h"
#include "match/delegated/lookup.h"

namespace polder {
namespace {

static_assert(max_looked_up == max_queries, "a look-up is as large here as at the three nodes");

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
                                  const BankLookupOptions& options,
                                  CancellationToken& cancellation) {
  const auto start = Clock::now();
  const BankNetwork banks = parse_bank_network(read_text(network));
  const BankIdentity identity = read_identity(folder);
  std::vector<std::string> identifiers = options.identifiers;
  if (options.input.empty()) check_queries(identifiers);
  QueryForm form{.written = options.key, .placeholders = options.placeholders};
  std::ranges::copy(banks.matching_key, form.matching_key.begin());
  std::exception_ptr fault;
  const auto hashed = [&](const std::vector<KeyColumn>& key) {
    form.key = key;
    PartyFile asked;
    try {
      if (identifiers.empty()) identifiers = queries_in(options.input, key);
      check_queries(identifiers);
      asked.hashes = hashed_queries(form, identifiers);
    } catch (const Error&) {
      // Whether identifiers are of the kind that the register names is not to be seen from there:
      // it is asked about random ones instead.
      fault = std::current_exception();
      asked.hashes.resize(2 * std::clamp<std::size_t>(identifiers.size(), 1, max_queries));
      random_words(asked.hashes);
    }
    return peer_table(asked).identifiers;
  };
  BankLinks links({.network = banks, .identity = identity});
  const int bank = banks.bank_named(options.bank);
  if (bank == links.self())
    fail(Code::bad_input, "'{}' is this bank itself; look in its own file", options.bank);

  const LookedUp found = look_up(links, bank, hashed, folder / "registers", cancellation);
  if (fault) std::rethrow_exception(fault);
  BankLookupOutcome outcome{.replies = {},
                            .fingerprint = to_hex(found.list.fingerprint),
                            .entries = found.list.shape.entries,
                            .list_bytes = found.list_was_kept ? 0 : found.list.shape.bytes()};
  if (!options.fingerprint.empty() && options.fingerprint != outcome.fingerprint) {
    fail(Code::cheating, "the register of '{}' has the fingerprint {}, not {}; ask why it changed",
         options.bank, outcome.fingerprint, options.fingerprint);
  }
  outcome.replies = replies_to(identifiers, found);
  outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return outcome;
}

}  // namespace polder
