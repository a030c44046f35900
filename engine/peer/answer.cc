#include "peer/answer.h"

#include <algorithm>
#include <list>
#include <optional>
#include <thread>

#include "base/error.h"
#include "crypto/random.h"
#include "peer/greeting.h"

namespace polder {

Answering::Answering(Options options)
    : options_(std::move(options)),
      bound_(bound_for(options_.table.identifiers.size(), options_.rules.bound)) {
  for (const std::string& name : options_.rules.allow) options_.links.network().bank_named(name);
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

  /// The refusal, if this bank takes no part. Tells what happened.
  std::optional<Error> listen() try {
    question_ = receive_question(greeting_.channel(), links_.network());
    part_ = answering_.accept(*question_, call_);
    return {};
  } catch (const Error& error) {
    refuse(error);
    tell({.kind = AnswerEvent::Kind::refused, .why = error.what(), .code = error.code()});
    return error;
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

  SessionTerms agree_on_terms() try {
    send_part(greeting_.channel(), part_);
    SessionTerms terms{*question_,
                       receive_parts(greeting_.channel(), links_.network().banks.size())};
    const Part& own = terms.parts[static_cast<std::size_t>(links_.self())];
    if (own.bound != part_.bound || own.nonce != part_.nonce) {
      fail(Code::cheating, "{} changed what this bank said of itself", links_.shown(call_.peer));
    }
    return terms;
  } catch (const Error& error) {
    greeting_.abort(error);
    throw;
  }

  BankOutcome run() {
    const SessionTerms terms = agree_on_terms();
    Patience running(
        {.deadline = Clock::now() + question_->deadline, .silence = question_->deadline});
    Watch watch({.session = call_.session,
                 .caller = stop_,
                 .session_waits = {&running},
                 .silence = answering_.options_.silence});
    watch.add(greeting_.release(), links_.ends(call_.peer));
    return run_session({.links = links_,
                        .terms = terms,
                        .table = answering_.options_.table,
                        .protocol = answering_.options_.find(question_->protocol),
                        .patience = running,
                        .watch = watch,
                        .progress = [](double, std::string_view) {}});
  }

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
};

Part Answering::accept(const Question& question, const Listener::Call& call) {
  if (question.session != call.session || question.asker != call.peer) {
    fail(Code::forbidden, "the question is of another session or bank than its line");
  }
  check_allowed(question);
  options_.find(question.protocol);
  if (running_ > most_sessions) {
    fail(Code::busy, "it takes part in {} sessions already; ask again later", most_sessions);
  }
  {
    const std::lock_guard lock(mutex_);
    if (!seen_.insert(question.session).second) {
      fail(Code::forbidden, "this session's id was used before");
    }
  }
  Part part{.bound = bound_, .nonce = {}};
  random_bytes(part.nonce);
  return part;
}

void Answering::check_allowed(const Question& question) const {
  const AnswerRules& rules = options_.rules;
  const auto& asker = options_.links.network().banks[static_cast<std::size_t>(question.asker)];
  const bool allowed =
      rules.allow.empty() || std::ranges::find(rules.allow, asker.name) != rules.allow.end();
  if (!allowed) fail(Code::forbidden, "it does not answer bank '{}'", asker.name);
  if (question.threshold < rules.min_threshold) {
    fail(Code::forbidden, "it answers thresholds of {} or more, not {}", rules.min_threshold,
         question.threshold);
  }
  if (question.flags && !rules.has_flags) {
    fail(Code::forbidden, "its clients have no flags; ask without flags");
  }
}

void Answering::tell(const AnswerEvent& event) {
  const std::lock_guard lock(telling_);
  options_.on_event(event);
}

void Answering::serve_once(Patience& stop) {
  while (true) {
    Visit visit(*this, options_.links.next_call(stop), stop);
    if (!visit.listen()) return visit.take_part();
  }
}

void Answering::serve(Patience& stop) {
  struct Guest {
    std::atomic<bool> gone = false;
    std::jthread thread;
  };
  std::list<Guest> guests;
  while (true) {
    Listener::Call call = options_.links.next_call(stop);
    guests.remove_if([](const Guest& guest) { return guest.gone.load(); });
    Guest& guest = guests.emplace_back();
    guest.thread = std::jthread([this, &guest, &stop, call = std::move(call)]() mutable {
      ++running_;
      try {
        Visit visit(*this, std::move(call), stop);
        if (!visit.listen()) visit.take_part();
      } catch (const std::exception&) {
        // It was told as an event, and to the other banks.
      }
      --running_;
      trim_pool();
      guest.gone = true;
    });
  }
}

}  // namespace polder
