// For tests: banks in one process, each with its own key, network file and listener, joined by real
// TLS connections; and a stand-in for a protocol, which sends everything in the clear.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "crypto/certificate.h"
#include "net/testing/test_support.h"
#include "peer/answer.h"
#include "peer/ask.h"
#include "peer/greeting.h"
#include "peer/testing/test_rows.h"

namespace polder::testing {

/// Client numbers; those from 1000 on are flagged and stand for number - 1000.
inline PeerTable table_of(const std::vector<std::uint64_t>& clients) {
  PeerTable table;
  for (const std::uint64_t client : clients) {
    table.identifiers.push_back(identifier(client % 1000));
    table.flagged.push_back(client >= 1000);
  }
  return table;
}

/// A test double, with no secrecy at all: each bank sends its table, padded to its bound, to the
/// requester, which counts.
inline PeerAnswer plain_exchange(Parties& parties, const PeerMatch& match, const PeerTable& table,
                                 const Progress& progress) {
  constexpr std::size_t row_bytes = 18;  // hash, flag, whether there is such a row
  const auto bound = [&](int bank) { return match.bounds[static_cast<std::size_t>(bank)]; };
  progress(0.5, "exchange");
  if (parties.self() != match.requester) {
    Bytes out(bound(parties.self()) * row_bytes, 0);
    for (std::size_t i = 0; i < table.identifiers.size(); ++i) {
      std::uint8_t* const row = out.data() + i * row_bytes;
      std::ranges::copy(table.identifiers[i], row);
      row[16] = match.flags && table.flagged[i];
      row[17] = 1;
    }
    parties.to(match.requester).send(out);
    return {};
  }
  std::map<IdentifierHash, std::pair<std::uint64_t, bool>> seen;
  for (int bank = 0; bank < parties.count(); ++bank) {
    if (bank == parties.self()) continue;
    Bytes in(bound(bank) * row_bytes);
    parties.to(bank).receive(in);
    for (std::size_t at = 0; at < in.size(); at += row_bytes) {
      IdentifierHash hash;
      std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(at), hash.size(), hash.begin());
      if (in[at + 17] == 0) continue;
      ++seen[hash].first;
      seen[hash].second |= in[at + 16] != 0;
    }
  }
  PeerAnswer answer{.rows = {}, .rounds = 1};
  for (std::size_t i = 0; i < table.identifiers.size(); ++i) {
    const auto [holders, flagged] = seen[table.identifiers[i]];
    const bool own = match.flags && table.flagged[i];
    answer.rows.push_back(holders + 1 >= match.threshold && (!match.flags || flagged || own));
  }
  return answer;
}

inline PeerProtocol* plain_protocol(std::string_view name) {
  if (name == "plain") return plain_exchange;
  fail(Code::bad_input, "there is no peer protocol '{}'; there is plain", name);
}

/// The banks bank0, bank1, … of one network, none of which listens yet.
class TestBanks {
 public:
  explicit TestBanks(std::size_t count) {
    std::vector<BankCard> cards;
    for (std::size_t i = 0; i < count; ++i) {
      sockets_.push_back(listen_on({"127.0.0.1", 0}));
      const Identity made = make_identity("bank" + std::to_string(i));
      identities.push_back({made.certificate_pem, Bytes(made.key_pem.begin(), made.key_pem.end())});
      cards.push_back({"bank" + std::to_string(i),
                       {"127.0.0.1", local_port(sockets_.back())},
                       made.certificate_pem});
    }
    network = make_bank_network(cards);
  }

  /// The listening end of a bank; closing it leaves nobody there.
  Socket take_socket(std::size_t bank) { return std::move(sockets_.at(bank)); }

  BankLinks::Options options(std::size_t bank) const {
    return {.network = network,
            .identity = identities.at(bank),
            .dial_limit = ample,
            .join_limit = ample};
  }

  BankNetwork network;
  std::vector<BankIdentity> identities;

 private:
  std::vector<Socket> sockets_;
};

/// A bank that answers on a thread of its own, and what happened to it.
class AnsweringBank {
 public:
  struct Seen {
    AnswerEvent::Kind kind;
    std::string requester, why;
    Code code;
    std::size_t looked_up = 0;
    std::uint64_t rows = 0;  // that were asked about
  };

  AnsweringBank(TestBanks& banks, std::size_t bank, PeerTable table, AnswerRules rules = {},
                PeerProtocol* (*find)(std::string_view) = plain_protocol, KeptKeys* keys = nullptr,
                AskedRows* asked = nullptr)
      : AnsweringBank(banks.options(bank), banks.take_socket(bank), std::move(table), rules, find,
                      nullptr, keys, asked) {}

  /// Of a register alone.
  AnsweringBank(TestBanks& banks, std::size_t bank, LookupService& service, AnswerRules rules = {})
      : AnsweringBank(banks.options(bank), banks.take_socket(bank), {}, std::move(rules),
                      plain_protocol, &service) {}

  AnsweringBank(BankLinks::Options options, Socket socket, PeerTable table, AnswerRules rules,
                PeerProtocol* (*find)(std::string_view), LookupService* service = nullptr,
                KeptKeys* keys = nullptr, AskedRows* asked = nullptr)
      : table_(std::move(table)),
        links_(with(std::move(options), std::move(socket))),
        answering_({.links = links_,
                    .table = service == nullptr ? &table_ : nullptr,
                    .service = service,
                    .rules = std::move(rules),
                    .on_event = [this](const AnswerEvent& event) { keep(event); },
                    .keys = keys,
                    .asked = asked,
                    .find = find,
                    .silence = ample}),
        thread_([this] {
          try {
            answering_.serve(stop_);
          } catch (const Error& error) {
            EXPECT_EQ(error.code(), Code::cancelled) << error.what();
          }
        }) {}
  ~AnsweringBank() { stop(); }

  void stop() { stop_.cancel(); }

  /// What was seen after the session's end; waits for the first of this kind.
  Seen wait(AnswerEvent::Kind kind) {
    std::unique_lock lock(mutex_);
    const auto there = [&] { return std::ranges::find(seen_, kind, &Seen::kind) != seen_.end(); };
    if (!more_.wait_for(lock, ample, there)) {
      ADD_FAILURE() << "an event did not come";
      return {kind, "", "", Code::internal};
    }
    return *std::ranges::find(seen_, kind, &Seen::kind);
  }

 private:
  static BankLinks::Options with(BankLinks::Options options, Socket socket) {
    options.listener = std::move(socket);
    return options;
  }

  void keep(const AnswerEvent& event) {
    const std::lock_guard lock(mutex_);
    seen_.push_back({event.kind, event.requester, event.why, event.code, event.looked_up,
                     event.query == nullptr ? 0 : event.query->bound});
    more_.notify_all();
  }

  PeerTable table_;
  CancellationToken stop_{{.silence = ample}};
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<Seen> seen_;
  BankLinks links_;
  Answering answering_;
  std::jthread thread_;
};

/// A bank that greets as a test makes it.
struct Listening {
  Listening(TestBanks& banks, std::size_t bank)
      : links([&] {
          BankLinks::Options options = banks.options(bank);
          options.listener = banks.take_socket(bank);
          return options;
        }()) {}

  std::unique_ptr<Greeting> take_call() {
    Listener::Call call = links.next_call(cancellation);
    return std::make_unique<Greeting>(std::move(call.connection), links.ends(call.peer),
                                      cancellation);
  }

  BankLinks links;
  CancellationToken cancellation{{.silence = ample}};
};

/// A query for the stand-in.
inline Asking plain_asking(std::uint64_t threshold = 2, bool flags = true) {
  return {.protocol = "plain",
          .threshold = threshold,
          .flags = flags,
          .silence = ample,
          .greeting_silence = ample};
}

inline const Progress no_progress = [](double, std::string_view) {};

/// Asks as `bank`, with the stand-in.
inline AskedOutcome ask_plain(TestBanks& banks, std::size_t bank, const PeerTable& table,
                              const Asking& asking, CancellationToken& cancellation) {
  BankLinks links(banks.options(bank));
  return ask(links, asking, table, cancellation, no_progress, plain_protocol);
}

}  // namespace polder::testing
