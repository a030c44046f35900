#include "peer/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <numeric>
#include <optional>
#include <thread>

#include "base/error.h"
#include "crypto/random.h"
#include "peer/greeting.h"
#include "peer/message.h"
#include "store/database.h"

namespace polder {
namespace {

/// What the requester is told of it: rules, and what is wrong with its query; not what is wrong
/// here, which would name this bank's files.
Error told(const Error& error) {
  const bool own =
      error.code() == Code::internal || dynamic_cast<const DatabaseError*>(&error) != nullptr;
  return own ? Error(Code::internal, "something is wrong at this bank; its own log says what")
             : error;
}

}  // namespace

std::uint64_t max_rows_for(std::uint64_t bound, std::uint64_t named) {
  return named > 0 ? named : std::max<std::uint64_t>(2 * bound, 1024);
}

Answering::Answering(Options options)
    : options_(std::move(options)),
      bound_(options_.table == nullptr
                 ? 0
                 : bound_for(options_.table->identifiers.size(), options_.rules.bound)),
      running_(options_.links.network().banks.size()) {
  for (const std::string& name : options_.rules.allow) options_.links.network().bank_named(name);
  for (const std::string& protocol : options_.rules.protocols) options_.find(protocol);
}

/// One call, from its first word to its end.
class Answering::Handler {
 public:
  Handler(Answering& answering, Listener::Call call, CancellationToken& stop)
      : answering_(answering),
        links_(answering.options_.links),
        stop_(stop),
        call_(std::move(call)),
        greeting_(std::move(call_.connection), links_.ends(call_.peer), stop),
        requester_(links_.network().banks[call_.peer].name) {}
  ~Handler() {
    if (accepted_) answering_.leave_place(query_->requester);
  }
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

  /// What the call was; all but a session is over. Tells what happened.
  enum class Heard { refused, session, lookup };
  Heard listen() try {
    std::string text = receive_message(greeting_.channel(), "question");
    if (is_key_query(text)) {
      send_text(greeting_.channel(), answering_.answer_key_query(text, call_));
      text = receive_message(greeting_.channel(), "question");
    }
    if (is_lookup(text)) return look_up(text);
    query_ = parse_query(text, links_.network());
    part_ = answering_.accept(*query_, call_, stop_);
    accepted_ = true;
    if (keys() != nullptr) kept_ = keys()->find(query_->protocol);
    part_.key = kept_.fingerprint;
    return Heard::session;
  } catch (const Error& error) {
    refuse(told(error));
    tell({.kind = AnswerEvent::Kind::refused, .why = error.what(), .code = error.code()});
    return Heard::refused;
  }

  /// Throws what ended the session. Tells what happened.
  void take_part() try {
    tell({.kind = AnswerEvent::Kind::asked});
    const BankOutcome outcome = run();
    tell({.kind = AnswerEvent::Kind::answered, .outcome = &outcome});
  } catch (const Error& error) {
    tell({.kind = AnswerEvent::Kind::failed, .why = error.what(), .code = error.code()});
    throw;
  }

 private:
  void refuse(const Error& error) noexcept try {
    send_refusal(greeting_.channel(), error.code(), error.what());
    greeting_.channel().flush();
  } catch (const std::exception&) {
    return;  // the requester is gone
  }

  Heard look_up(const std::string& text) {
    const LookupQuery query = parse_lookup_query(text, links_.network());
    const LookupAnswer answer = answering_.accept_lookup(query, call_);
    try {
      send_text(greeting_.channel(), to_text(answer));
      hand_out_list(greeting_.channel(), answering_.options_.service->list());
      tell({.kind = AnswerEvent::Kind::looked_up, .looked_up = query.blinded.size()});
    } catch (const Error& error) {
      greeting_.abort(error);
      tell({.kind = AnswerEvent::Kind::failed, .why = error.what(), .code = error.code()});
    }
    return Heard::lookup;
  }

  SessionTerms agree_on_terms() try {
    send_part(greeting_.channel(), part_);
    SessionTerms terms{*query_, receive_parts(greeting_.channel(), links_.network().banks.size())};
    const Part& own = terms.parts[static_cast<std::size_t>(links_.self())];
    if (own != part_) {
      fail(Code::cheating, "{} changed what this bank said of itself", links_.shown(call_.peer));
    }
    if (terms.parts[static_cast<std::size_t>(query_->requester)].bound != query_->bound) {
      fail(Code::cheating, "{} asks about other rows than its query named",
           links_.shown(call_.peer));
    }
    // On disk before anything is answered; a session that others refuse uses nothing up.
    AskedRows* const asked = answering_.options_.asked;
    if (asked != nullptr) asked->take(answering_.rows_of(*query_));
    return terms;
  } catch (const Error& error) {
    greeting_.abort(told(error));
    throw;
  }

  BankOutcome run() {
    const SessionTerms terms = agree_on_terms();
    const auto limit = std::min(query_->deadline, answering_.options_.rules.deadline);
    CancellationToken running({.deadline = Clock::now() + limit, .silence = limit});
    Watch watch({.session = call_.session,
                 .caller = stop_,
                 .session_waits = {&running},
                 .silence = answering_.options_.silence});
    watch.add(greeting_.release(), links_.ends(call_.peer));
    return run_session({.links = links_,
                        .terms = terms,
                        .table = *answering_.options_.table,
                        .protocol = answering_.options_.find(query_->protocol),
                        .keys = keys(),
                        .kept = kept_,
                        .cancellation = running,
                        .watch = watch,
                        .progress = [](double, std::string_view) {}});
  }

  KeptKeys* keys() const { return answering_.options_.keys; }

  void tell(AnswerEvent event) {
    event.requester = requester_;
    event.query = query_ ? &*query_ : nullptr;
    answering_.tell(event);
  }

  Answering& answering_;
  BankLinks& links_;
  CancellationToken& stop_;
  Listener::Call call_;
  Greeting greeting_;
  const std::string requester_;
  std::optional<Query> query_;
  Part part_ = {};
  KeptKey kept_;
  bool accepted_ = false;
};

void Answering::check_call(const SessionId& session, int requester,
                           const Listener::Call& call) const {
  if (session != call.session || requester != call.peer) {
    fail(Code::forbidden, "the query is of another session or bank than its connection");
  }
  const std::string& name =
      options_.links.network().banks[static_cast<std::size_t>(requester)].name;
  const auto& allow = options_.rules.allow;
  if (!allow.empty() && std::ranges::find(allow, name) == allow.end()) {
    fail(Code::forbidden, "it does not answer bank '{}'", name);
  }
}

void Answering::use_up(const SessionId& session) {
  const std::lock_guard lock(mutex_);
  if (seen_.size() == max_seen) seen_.clear();
  if (!seen_.insert(session).second) {
    fail(Code::forbidden, "this session's id was used before");
  }
}

std::string Answering::answer_key_query(std::string_view text, const Listener::Call& call) const {
  const AskedBy asked = parse_key_query(text, options_.links.network());
  check_call(asked.session, asked.requester, call);
  return to_text(service().key());
}

LookupService& Answering::service() const {
  if (options_.service == nullptr) fail(Code::forbidden, "it has no register to look up in");
  return *options_.service;
}

LookupAnswer Answering::accept_lookup(const LookupQuery& query, const Listener::Call& call) {
  check_call(query.session, query.requester, call);
  LookupService& asked = service();
  use_up(query.session);
  return asked.answer(query,
                      options_.links.network().banks[static_cast<std::size_t>(query.requester)]);
}

void Answering::take_place(int requester, const CancellationToken& stop) {
  const AnswerRules& rules = options_.rules;
  int& of_requester = running_[static_cast<std::size_t>(requester)];
  std::unique_lock lock(mutex_);
  const auto give_up = Clock::now() + putting_away;
  while (of_requester >= rules.sessions_per_bank && !stop.cancelled() && Clock::now() < give_up) {
    left_.wait_for(lock, std::chrono::milliseconds(50));
  }
  if (of_requester >= rules.sessions_per_bank) {
    fail(Code::busy, "it takes part in {} of your sessions already; ask again later", of_requester);
  }
  if (std::accumulate(running_.begin(), running_.end(), 0) >= max_sessions) {
    fail(Code::busy, "it takes part in {} sessions already; ask again later", max_sessions);
  }
  ++of_requester;
}

void Answering::leave_place(int requester) {
  const std::lock_guard lock(mutex_);
  --running_[static_cast<std::size_t>(requester)];
  left_.notify_all();
}

AskedRows::Rows Answering::rows_of(const Query& query) const {
  return {.requester =
              options_.links.network().banks[static_cast<std::size_t>(query.requester)].certificate,
          .kind = AskedRows::Kind::match,
          .count = query.bound};
}

Part Answering::accept(const Query& query, const Listener::Call& call,
                       const CancellationToken& stop) {
  check_call(query.session, query.requester, call);
  if (options_.table == nullptr) {
    fail(Code::forbidden, "it answers look-ups in its register, and takes part in no match");
  }
  options_.find(query.protocol);
  check_allowed(query);
  if (options_.asked != nullptr) options_.asked->check(rows_of(query));
  use_up(query.session);
  take_place(query.requester, stop);
  Part part{.bound = bound_};
  random_bytes(part.nonce);
  return part;
}

void Answering::check_allowed(const Query& query) const {
  const AnswerRules& rules = options_.rules;
  if (query.threshold < rules.min_threshold) {
    fail(Code::forbidden, "it answers thresholds of {} or more, not {}", rules.min_threshold,
         query.threshold);
  }
  if (!comparable(query.key, rules.key)) {
    fail(
        Code::bad_input,
        "its identifiers are {}, the requester's are {}; only keys of as many columns and the same "
        "kinds match (--id COL:KIND)",
        shown(rules.key), shown(query.key));
  }
  if (query.flags && !rules.has_flags) {
    fail(Code::forbidden, "its clients have no flags; ask without flags");
  }
  if (!query.flags && rules.flags_only) {
    fail(Code::forbidden, "it answers queries about flags only; ask with flags");
  }
  const auto& protocols = rules.protocols;
  if (!protocols.empty() && std::ranges::find(protocols, query.protocol) == protocols.end()) {
    fail(Code::forbidden, "it answers by {} only, not by {}", fmt::join(protocols, ", "),
         query.protocol);
  }
  if (query.bound > max_rows()) {
    fail(Code::forbidden,
         "it answers about {} rows at most in a session, not {}; its owner can allow more "
         "(--max-rows)",
         max_rows(), query.bound);
  }
}

void Answering::tell(const AnswerEvent& event) {
  const std::lock_guard lock(telling_);
  options_.on_event(event);
}

void Answering::serve_once(CancellationToken& stop) {
  while (true) {
    Handler handler(*this, options_.links.next_call(stop), stop);
    const auto heard = handler.listen();
    if (heard == Handler::Heard::session) return handler.take_part();
    if (heard == Handler::Heard::lookup) return;
  }
}

void Answering::serve(CancellationToken& stop) {
  struct Connection {
    int bank;
    std::atomic<bool> gone = false;
    std::jthread thread;
  };
  std::list<Connection> connections;
  while (true) {
    Listener::Call call = options_.links.next_call(stop);
    connections.remove_if([](const Connection& connection) { return connection.gone.load(); });
    const auto from_same = [&](const Connection& connection) {
      return connection.bank == call.peer;
    };
    if (std::ranges::count_if(connections, from_same) >= max_calls)
      continue;  // the connection closes
    Connection& connection = connections.emplace_back(call.peer);
    connection.thread = std::jthread([this, &connection, &stop, call = std::move(call)]() mutable {
      try {
        Handler handler(*this, std::move(call), stop);
        if (handler.listen() == Handler::Heard::session) handler.take_part();
      } catch (const std::exception&) {
        // It was told as an event, and to the other banks.
      }
      trim_pool();
      connection.gone = true;
    });
  }
}

}  // namespace polder
