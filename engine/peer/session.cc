#include "peer/session.h"

#include <algorithm>
#include <cstring>

#include "base/bits.h"
#include "base/error.h"
#include "base/memory.h"
#include "crypto/hex.h"

namespace polder {
namespace {

constexpr std::uint64_t megabyte = 1024 * 1024;

/// Sends `own` to all others and hands over what each sent: 1 round.
template <typename Take>
void exchange_with_all(Parties& parties, std::span<const std::uint8_t> own, Take take) {
  for (int bank = 0; bank < parties.count(); ++bank) {
    if (bank != parties.self()) parties.to(bank).send(own);
  }
  std::vector<std::uint8_t> other(own.size());
  for (int bank = 0; bank < parties.count(); ++bank) {
    if (bank == parties.self()) continue;
    parties.to(bank).receive(other);
    take(bank, std::span<const std::uint8_t>(other));
  }
}

void agree(Parties& parties, const BankSession& session) {
  const auto topics = session.terms.topics(session.links.network());
  const auto own = digests_of(topics, to_hex(session.terms.query.session));
  // All are sent before one is compared: a bank that differs tells so to every other.
  exchange_with_all(parties, own, [&](int bank, std::span<const std::uint8_t> other) {
    compare_digests(topics, own, other, session.links.shown(bank));
  });
}

/// Returns when all banks have come here: each part ended well.
void finish_together(Parties& parties, BankOutcome& outcome) {
  outcome.bytes_sent.resize(static_cast<std::size_t>(parties.count()));
  const std::uint64_t own = parties.traffic().bytes_sent;
  outcome.bytes_sent[static_cast<std::size_t>(parties.self())] = own;
  exchange_with_all(parties, bytes_of(std::span(&own, 1)),
                    [&](int bank, std::span<const std::uint8_t> other) {
                      std::memcpy(&outcome.bytes_sent[static_cast<std::size_t>(bank)], other.data(),
                                  other.size());
                    });
}

BankOutcome compute(const BankSession& session, Parties& parties) {
  session.progress(0, "agree with the other banks");
  agree(parties, session);
  BankOutcome outcome;
  PeerMatch match = session.terms.match();
  if (session.terms.share_a_key()) match.kept = session.kept.words;
  const bool unused_flags = !match.flags && !session.table.flagged.empty();
  const PeerTable without = unused_flags ? PeerTable{session.table.identifiers, {}} : PeerTable{};
  const Progress progress = [&](double done, std::string_view step) {
    session.cancellation.check_cancelled();
    session.progress(done, step);
  };
  outcome.answer =
      session.protocol(parties, match, unused_flags ? without : session.table, progress);
  if (session.keys != nullptr && !outcome.answer.kept.empty()) {
    session.keys->keep(session.terms.query.protocol, outcome.answer.kept);
  }
  finish_together(parties, outcome);
  return outcome;
}

/// Tells the others why the session ends: first on the watch's connections, then on the session's,
/// which close after that (see Watch::cause).
void tell_all(const BankSession& session, BankConnections& connections, const Error& why) {
  session.watch.tell(why.code(), why.what());
  connections.abort(why.code(), why.what());
}

}  // namespace

BankOutcome run_session(const BankSession& session) {
  const auto start = Clock::now();
  PoolAccount memory;
  const OnAccount counted(&memory);
  BankConnections connections(session.links, session.terms.query.session,
                              session.terms.query.requester, session.cancellation);
  try {
    BankOutcome outcome = compute(session, connections.open());
    connections.finish();
    session.watch.end();
    outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    // The others are not told: it says how many rows this bank's table has.
    outcome.peak_mb = ceil_div(memory.peak_bytes(), megabyte);
    return outcome;
  } catch (const Error& error) {
    const Error why = session.watch.cause(error);
    tell_all(session, connections, why);
    throw why;
  } catch (const std::bad_alloc&) {
    const Error why(Code::busy, "out of memory; nothing was answered");
    tell_all(session, connections, why);
    throw why;
  } catch (const std::exception&) {
    tell_all(session, connections, Error(Code::internal, "a mistake; see what it printed"));
    throw;
  }
}

}  // namespace polder
