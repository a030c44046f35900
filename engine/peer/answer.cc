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

/// What the asker is told of it: rules, and what is wrong with its question; not what is wrong
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
class Answering::Visit {
 public:
  Visit(Answering& answering, Listener::Call call, Patience& stop)
      : answering_(answering),
        links_(answering.options_.links),
        stop_(stop),
        call_(std::move(call)),
        greeting_(std::move(call_.line), links_.ends(call_.peer), stop),
        asker_(links_.network().banks[call_.peer].name) {}
  ~Visit() {
    if (accepted_) answering_.leave_place(question_->asker);
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  /// What the call was; all but a session is over. Tells what happened.
  enum class Heard { refused, session, lookup };
  Heard listen() try {
    std::string text = receive_message(greeting_.channel(), "question");
    if (is_key_question(text)) {
      send_text(greeting_.channel(), answering_.answer_key_question(text, call_));
      text = receive_message(greeting_.channel(), "question");
    }
    if (is_lookup(text)) return look_up(text);
    question_ = parse_question(text, links_.network());
    part_ = answering_.accept(*question_, call_, stop_);
    accepted_ = true;
    if (keys() != nullptr) kept_ = keys()->find(question_->protocol);
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
    return;  // the asker is gone
  }

  Heard look_up(const std::string& text) {
    const LookupQuestion question = parse_lookup_question(text, links_.network());
    const LookupAnswer answer = answering_.accept_lookup(question, call_);
    try {
      send_text(greeting_.channel(), to_text(answer));
      hand_out_list(greeting_.channel(), answering_.options_.desk->list());
      tell({.kind = AnswerEvent::Kind::looked_up, .looked_up = question.blinded.size()});
    } catch (const Error& error) {
      greeting_.abort(error);
      tell({.kind = AnswerEvent::Kind::failed, .why = error.what(), .code = error.code()});
    }
    return Heard::lookup;
  }

  SessionTerms agree_on_terms() try {
    send_part(greeting_.channel(), part_);
    SessionTerms terms{*question_,
                       receive_parts(greeting_.channel(), links_.network().banks.size())};
    const Part& own = terms.parts[static_cast<std::size_t>(links_.self())];
    if (own != part_) {
      fail(Code::cheating, "{} changed what this bank said of itself", links_.shown(call_.peer));
    }
    if (terms.parts[static_cast<std::size_t>(question_->asker)].bound != question_->bound) {
      fail(Code::cheating, "{} asks about other rows than its question named",
           links_.shown(call_.peer));
    }
    // On disk before anything is answered; a session that others refuse uses nothing up.
    AskedRows* const asked = answering_.options_.asked;
    if (asked != nullptr) asked->take(answering_.rows_of(*question_));
    return terms;
  } catch (const Error& error) {
    greeting_.abort(told(error));
    throw;
  }

  BankOutcome run() {
    const SessionTerms terms = agree_on_terms();
    const auto limit = std::min(question_->deadline, answering_.options_.rules.deadline);
    Patience running({.deadline = Clock::now() + limit, .silence = limit});
    Watch watch({.session = call_.session,
                 .caller = stop_,
                 .session_waits = {&running},
                 .silence = answering_.options_.silence});
    watch.add(greeting_.release(), links_.ends(call_.peer));
    return run_session({.links = links_,
                        .terms = terms,
                        .table = *answering_.options_.table,
                        .protocol = answering_.options_.find(question_->protocol),
                        .keys = keys(),
                        .kept = kept_,
                        .patience = running,
                        .watch = watch,
                        .progress = [](double, std::string_view) {}});
  }

  KeptKeys* keys() const { return answering_.options_.keys; }

  void tell(AnswerEvent event) {
    event.asker = asker_;
    event.question = question_ ? &*question_ : nullptr;
    answering_.tell(event);
  }

  Answering& answering_;
  BankLinks& links_;
  Patience& stop_;
  Listener::Call call_;
  Greeting greeting_;
  const std::string asker_;
  std::optional<Question> question_;
  Part part_ = {};
  KeptKey kept_;
  bool accepted_ = false;
};

void Answering::check_call(const SessionId& session, int asker, const Listener::Call& call) const {
  if (session != call.session || asker != call.peer) {
    fail(Code::forbidden, "the question is of another session or bank than its line");
  }
  const std::string& name = options_.links.network().banks[static_cast<std::size_t>(asker)].name;
  const auto& allow = options_.rules.allow;
  if (!allow.empty() && std::ranges::find(allow, name) == allow.end()) {
    fail(Code::forbidden, "it does not answer bank '{}'", name);
  }
}

void Answering::use_up(const SessionId& session) {
  const std::lock_guard lock(mutex_);
  if (seen_.size() == most_seen) seen_.clear();
  if (!seen_.insert(session).second) {
    fail(Code::forbidden, "this session's id was used before");
  }
}

std::string Answering::answer_key_question(std::string_view text,
                                           const Listener::Call& call) const {
  const AskedBy asked = parse_key_question(text, options_.links.network());
  check_call(asked.session, asked.asker, call);
  return to_text(desk().key());
}

LookupDesk& Answering::desk() const {
  if (options_.desk == nullptr) fail(Code::forbidden, "it has no register to look up in");
  return *options_.desk;
}

LookupAnswer Answering::accept_lookup(const LookupQuestion& question, const Listener::Call& call) {
  check_call(question.session, question.asker, call);
  LookupDesk& asked = desk();
  use_up(question.session);
  return asked.answer(question,
                      options_.links.network().banks[static_cast<std::size_t>(question.asker)]);
}

void Answering::take_place(int asker, const Patience& stop) {
  const AnswerRules& rules = options_.rules;
  int& of_asker = running_[static_cast<std::size_t>(asker)];
  std::unique_lock lock(mutex_);
  const auto give_up = Clock::now() + putting_away;
  while (of_asker >= rules.sessions_per_bank && !stop.cancelled() && Clock::now() < give_up) {
    left_.wait_for(lock, std::chrono::milliseconds(50));
  }
  if (of_asker >= rules.sessions_per_bank) {
    fail(Code::busy, "it takes part in {} of your sessions already; ask again later", of_asker);
  }
  if (std::accumulate(running_.begin(), running_.end(), 0) >= most_sessions) {
    fail(Code::busy, "it takes part in {} sessions already; ask again later", most_sessions);
  }
  ++of_asker;
}

void Answering::leave_place(int asker) {
  const std::lock_guard lock(mutex_);
  --running_[static_cast<std::size_t>(asker)];
  left_.notify_all();
}

AskedRows::Rows Answering::rows_of(const Question& question) const {
  return {
      .asker = options_.links.network().banks[static_cast<std::size_t>(question.asker)].certificate,
      .kind = AskedRows::Kind::match,
      .count = question.bound};
}

Part Answering::accept(const Question& question, const Listener::Call& call, const Patience& stop) {
  check_call(question.session, question.asker, call);
  if (options_.table == nullptr) {
    fail(Code::forbidden, "it answers look-ups in its register, and takes part in no match");
  }
  options_.find(question.protocol);
  check_allowed(question);
  if (options_.asked != nullptr) options_.asked->check(rows_of(question));
  use_up(question.session);
  take_place(question.asker, stop);
  Part part{.bound = bound_};
  random_bytes(part.nonce);
  return part;
}

void Answering::check_allowed(const Question& question) const {
  const AnswerRules& rules = options_.rules;
  if (question.threshold < rules.min_threshold) {
    fail(Code::forbidden, "it answers thresholds of {} or more, not {}", rules.min_threshold,
         question.threshold);
  }
  if (!comparable(question.key, rules.key)) {
    fail(Code::bad_input,
         "its identifiers are {}, the asker's are {}; only keys of as many columns and the same "
         "kinds match (--id COL:KIND)",
         shown(rules.key), shown(question.key));
  }
  if (question.flags && !rules.has_flags) {
    fail(Code::forbidden, "its clients have no flags; ask without flags");
  }
  if (!question.flags && rules.flags_only) {
    fail(Code::forbidden, "it answers questions about flags only; ask with flags");
  }
  const auto& protocols = rules.protocols;
  if (!protocols.empty() && std::ranges::find(protocols, question.protocol) == protocols.end()) {
    fail(Code::forbidden, "it answers by {} only, not by {}", fmt::join(protocols, ", "),
         question.protocol);
  }
  if (question.bound > max_rows()) {
    fail(Code::forbidden,
         "it answers about {} rows at most in a session, not {}; its owner can allow more "
         "(--max-rows)",
         max_rows(), question.bound);
  }
}

void Answering::tell(const AnswerEvent& event) {
  const std::lock_guard lock(telling_);
  options_.on_event(event);
}

void Answering::serve_once(Patience& stop) {
  while (true) {
    Visit visit(*this, options_.links.next_call(stop), stop);
    const auto heard = visit.listen();
    if (heard == Visit::Heard::session) return visit.take_part();
    if (heard == Visit::Heard::lookup) return;
  }
}

void Answering::serve(Patience& stop) {
  struct Guest {
    int bank;
    std::atomic<bool> gone = false;
    std::jthread thread;
  };
  std::list<Guest> guests;
  while (true) {
    Listener::Call call = options_.links.next_call(stop);
    guests.remove_if([](const Guest& guest) { return guest.gone.load(); });
    const auto from_same = [&](const Guest& guest) { return guest.bank == call.peer; };
    if (std::ranges::count_if(guests, from_same) >= most_calls) continue;  // the line closes
    Guest& guest = guests.emplace_back(call.peer);
    guest.thread = std::jthread([this, &guest, &stop, call = std::move(call)]() mutable {
      try {
        Visit visit(*this, std::move(call), stop);
        if (visit.listen() == Visit::Heard::session) visit.take_part();
      } catch (const std::exception&) {
        // It was told as an event, and to the other banks.
      }
      trim_pool();
      guest.gone = true;
    });
  }
}

}  // namespace polder
