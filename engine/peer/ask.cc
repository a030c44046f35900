#include "peer/ask.h"

#include <thread>

#include "base/error.h"
#include "base/first_error.h"
#include "crypto/random.h"
#include "peer/greeting.h"

namespace polder {
namespace {

/// One call for each other bank, all at once, up to the start of the session.
class Calls {
 public:
  Calls(BankLinks& links, const Query& query, CancellationToken& cancellation)
      : links_(links),
        query_(query),
        cancellation_(cancellation),
        calls_(static_cast<std::size_t>(links.count())) {}

  /// The parts of all other banks; that of this one is left as it is.  Throws the first refusal.
  void make(std::vector<Part>& parts) {
    FirstError first;
    {
      std::vector<std::jthread> threads;
      for (int bank = 0; bank < links_.count(); ++bank) {
        if (bank == links_.self()) continue;
        threads.emplace_back([&, bank] {
          try {
            parts[static_cast<std::size_t>(bank)] = call(bank);
          } catch (const std::exception&) {
            first.keep(std::current_exception());
            cancellation_.cancel();  // one that takes no part ends it for all
          }
        });
      }
    }
    first.rethrow();
  }

  void start(const std::vector<Part>& parts, Watch& watch) {
    for (int bank = 0; bank < links_.count(); ++bank) {
      if (bank == links_.self()) continue;
      Greeting& greeting = *calls_[static_cast<std::size_t>(bank)];
      send_parts(greeting.channel(), parts);
      watch.add(greeting.release(), links_.ends(bank));
    }
  }

  void abort(const Error& error) noexcept {
    for (const auto& greeting : calls_) {
      if (greeting) greeting->abort(error);
    }
  }

 private:
  Part call(int bank) {
    auto& greeting = calls_[static_cast<std::size_t>(bank)];
    greeting = std::make_unique<Greeting>(
        links_.dial(bank, query_.session, HandshakeKind::ask, cancellation_), links_.ends(bank),
        cancellation_);
    send_query(greeting->channel(), query_, links_.network());
    return naming(links_.shown(bank),
                  [&] { return receive_part(greeting->channel(), links_.shown(bank)); });
  }

  BankLinks& links_;
  const Query& query_;
  CancellationToken& cancellation_;
  std::vector<std::unique_ptr<Greeting>> calls_;
};

Query query_of(const BankLinks& links, const Asking& asking, std::uint64_t bound) {
  const int count = links.count();
  if (asking.threshold < 1 || asking.threshold > static_cast<std::uint64_t>(count)) {
    fail(Code::bad_input, "threshold {} is out of range: with {} banks it is 1 to {}",
         asking.threshold, count, count);
  }
  Query query;
  random_bytes(query.session);
  query.requester = links.self();
  query.protocol = asking.protocol;
  query.threshold = asking.threshold;
  query.flags = asking.flags;
  query.key = asking.key;
  query.bound = bound;
  query.deadline = asking.deadline;
  return query;
}

Part own_part(std::uint64_t bound, const KeptKey& kept) {
  Part part{.bound = bound, .nonce = {}, .key = kept.fingerprint};
  random_bytes(part.nonce);
  return part;
}

}  // namespace

AskedOutcome ask(BankLinks& links, const Asking& asking, const PeerTable& table,
                 CancellationToken& cancellation, const Progress& progress,
                 PeerProtocol* (*find)(std::string_view)) {
  PeerProtocol* const protocol = find(asking.protocol);
  KeptKey kept;
  if (asking.keys != nullptr && !asking.new_key) kept = asking.keys->find(asking.protocol);
  SessionTerms terms;
  terms.query = query_of(links, asking, bound_for(table.identifiers.size(), asking.bound));
  terms.parts.resize(static_cast<std::size_t>(links.count()));
  terms.parts[static_cast<std::size_t>(links.self())] = own_part(terms.query.bound, kept);

  CancellationToken greeting({.silence = asking.greeting_silence});
  CancellationToken running(
      {.deadline = Clock::now() + asking.deadline, .silence = asking.deadline});
  Watch watch({.session = terms.query.session,
               .caller = cancellation,
               .session_waits = {&greeting, &running},
               .silence = asking.silence});
  Calls calls(links, terms.query, greeting);
  try {
    progress(0, "call the other banks");
    calls.make(terms.parts);
    calls.start(terms.parts, watch);
  } catch (const Error& error) {
    const Error why = watch.cause(error);
    calls.abort(why);
    watch.tell(why.code(), why.what());
    cancellation.check_cancelled();
    throw why;
  }
  BankOutcome outcome = run_session({.links = links,
                                     .terms = terms,
                                     .table = table,
                                     .protocol = protocol,
                                     .keys = asking.keys,
                                     .kept = kept,
                                     .cancellation = running,
                                     .watch = watch,
                                     .progress = progress});
  return {terms.query.session, std::move(outcome)};
}

}  // namespace polder
