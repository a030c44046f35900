// A bank that waits for others to ask and takes part in what its owner allows.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>

#include "peer/lookup/lookup.h"
#include "peer/session.h"

namespace polder {

/// What a bank answers. `min_threshold`, `max_rows` and the flags bind requesters that follow the
/// protocol: docs/protocols/quorum.md and paillier.md say what one that deviates makes of a session
/// that it is let into.
struct AnswerRules {
  std::vector<std::string> allow = {};      // bank names; none: every bank of the network
  std::vector<std::string> protocols = {};  // by name; none: every one that there is
  std::uint64_t min_threshold = 2;
  std::uint64_t bound = 0;          // of the own table's rows; 0: a little more than they are
  std::uint64_t max_rows = 0;       // of the requester in one session; 0: twice the own bound
  bool has_flags = true;            // else only queries without flags
  std::vector<KeyColumn> key = {};  // what the table's identifiers were made of
  bool flags_only = false;          // no query without flags
  int sessions_per_bank = 1;        // at once
  std::chrono::milliseconds deadline{3'600'000};  // of a session, however long the requester's is
};

/// What `max_rows` of 0 stands for, beside a table of this bound: a requester may list twice as
/// many rows, or 1,024.
std::uint64_t max_rows_for(std::uint64_t bound, std::uint64_t named);

/// What happens, for people and programs.
struct AnswerEvent {
  enum class Kind { asked, refused, answered, failed, looked_up };
  Kind kind;
  std::string requester = {};            // a bank's name
  const Query* query = nullptr;          // once it was read
  const BankOutcome* outcome = nullptr;  // of what was answered
  std::size_t looked_up = 0;             // identifiers of a look-up
  std::string why = {};                  // refused or failed
  Code code = Code::internal;            // of that
};

/// How long a bank that was asked waits for the others to be asked, too.
inline constexpr std::chrono::seconds asking_silence{20};

/// The table, the look-up service, the keys and the links outlive it. `stop` is a CancellationToken
/// whose silence is asking_silence.
class Answering {
 public:
  static constexpr int max_sessions = 4;  // at once, of all requesters

  struct Options {
    BankLinks& links;
    const PeerTable* table;            // none: this bank takes part in no match
    LookupService* service = nullptr;  // of its register, if it has one
    AnswerRules rules;
    std::function<void(const AnswerEvent&)> on_event;         // from any thread, one at a time
    KeptKeys* keys = nullptr;                                 // none: it keeps no keys
    AskedRows* asked = nullptr;                               // none: rows a day have no limit
    PeerProtocol* (*find)(std::string_view) = peer_protocol;  // for tests
    std::chrono::milliseconds silence = bank_silence;         // of the requester
  };
  /// Throws Error not_found (a name in `allow`), bad_input (the bound, a protocol).
  explicit Answering(Options options);

  /// That a requester may list in one session.
  std::uint64_t max_rows() const { return max_rows_for(bound_, options_.rules.max_rows); }

  /// Takes part until one session ran, well or badly, or one look-up was answered; refusals do not
  /// count.  Throws Error cancelled, or what ended the session.
  void serve_once(CancellationToken& stop);

  /// Takes part until `stop`, in several sessions side by side.  Throws Error cancelled.
  [[noreturn]] void serve(CancellationToken& stop);

 private:
  class Handler;
  /// A requester who has its answer may ask again before this bank has put the session away.
  static constexpr std::chrono::seconds putting_away{5};
  static constexpr int max_calls = 8;  // of one bank at once, whatever they say or leave unsaid
  static constexpr std::size_t max_seen = 65536;

  std::string answer_key_query(std::string_view text, const Listener::Call& call) const;
  LookupService& service() const;
  LookupAnswer accept_lookup(const LookupQuery& query, const Listener::Call& call);
  Part accept(const Query& query, const Listener::Call& call, const CancellationToken& stop);
  /// A place for a session of this requester. Throws Error busy if it has as many as it may have.
  void take_place(int requester, const CancellationToken& stop);
  void leave_place(int requester);
  AskedRows::Rows rows_of(const Query& query) const;
  void check_call(const SessionId& session, int requester, const Listener::Call& call) const;
  void use_up(const SessionId& session);
  void check_allowed(const Query& query) const;
  void tell(const AnswerEvent& event);

  const Options options_;
  std::uint64_t bound_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::vector<int> running_;  // accepted sessions, by requester
  /// Ids that were used.  Only its requester can use one again, as the connection proves who asks,
  /// and gains nothing by it: nonces and keys are fresh in each session.  So what is caught here
  /// are mistakes, and it may begin anew before it takes more than some megabytes.
  std::set<SessionId> seen_;
  std::mutex telling_;
};

}  // namespace polder
