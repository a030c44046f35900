// polder-peer: a bank that answers the others of its network, until SIGTERM or SIGINT.
#include <fmt/format.h>
#include <signal.h>

#include <boost/json/object.hpp>
#include <optional>
#include <thread>

#include "base/hardening.h"
#include "base/text_file.h"
#include "base/version.h"
#include "client/bank_match.h"
#include "client/files/key_columns.h"
#include "client/files/reading_json.h"
#include "crypto/hex.h"
#include "peer_program/arguments.h"
#include "peer_program/reporter.h"

namespace {

using namespace polder;
namespace json = boost::json;

/// What this bank has to answer with.
struct Holdings {
  std::optional<PartyFile> clients, incidents;
  PeerTable table;
  std::optional<AskedRows> asked;
  std::optional<LookupService> service;
};

void read_holdings(Holdings& holdings, const PeerArguments& arguments, const BankNetwork& network) {
  std::vector<std::string> files;
  for (const std::string& file : {arguments.file, arguments.incidents}) {
    if (!file.empty()) files.push_back(file);
  }
  PartyFileOptions columns = arguments.columns;
  const auto keys = key_columns(columns.key, files);
  if (!arguments.file.empty()) {
    columns.key = keys.front();
    holdings.clients = read_bank_file(arguments.file, columns, network, {});
    holdings.table = peer_table(*holdings.clients);
  }
  holdings.asked.emplace(
      arguments.folder / "asked.counts",
      row_limits(arguments,
                 holdings.clients ? std::optional(holdings.clients->size()) : std::nullopt));
  if (arguments.incidents.empty()) return;
  columns.key = keys.back();
  columns.flag.clear();
  columns.report = arguments.report;
  holdings.incidents = read_bank_file(arguments.incidents, columns, network, {});
  RegisterRows rows{.identifiers = peer_table(*holdings.incidents).identifiers};
  if (!arguments.report.empty()) rows.reports = holdings.incidents->reports;
  holdings.service.emplace(LookupService::Options{.rows = rows,
                                                  .bound = arguments.rules.bound,
                                                  .folder = arguments.folder,
                                                  .asked = *holdings.asked,
                                                  .key = holdings.incidents->key});
}

void say_ready(Reporter& reporter, const Holdings& holdings, const Answering& answering,
               const BankNetwork& network, const BankCard& own) {
  json::object ready{{"event", "ready"}, {"name", own.name}};
  const std::size_t others = network.banks.size() - 1;
  std::vector<std::string> answers;
  if (const auto& clients = holdings.clients) {
    for (const auto& [key, value] : reading_json(*clients)) ready[key] = value;
    ready["max_rows"] = answering.max_rows();
    ready["rows_per_day"] = holdings.asked->limits().rows;
    answers.push_back(fmt::format(
        "matches with {} clients of {} (a bank may list {} rows in a session, {} in 24 hours)",
        clients->size(), clients->file, answering.max_rows(), holdings.asked->limits().rows));
  }
  if (const auto& incidents = holdings.incidents) {
    const std::string fingerprint = to_hex(holdings.service->list().head.fingerprint);
    json::object shown = reading_json(*incidents);
    shown["fingerprint"] = fingerprint;
    ready["register"] = std::move(shown);
    answers.push_back(fmt::format("look-ups in {} entries of {} (fingerprint {})",
                                  incidents->size(), incidents->file, fingerprint));
  }
  reporter.say(ready,
               fmt::format("bank '{}' answers {} other bank{} on {}: {}", own.name, others,
                           others == 1 ? "" : "s", to_text(own.address), fmt::join(answers, "; ")));
}

void serve(const PeerArguments& arguments, Reporter& reporter, CancellationToken& stop) {
  const BankNetwork network = parse_bank_network(read_text(arguments.network));
  const BankIdentity identity = read_identity(arguments.folder);
  const BankCard& own =
      network.banks[static_cast<std::size_t>(network.bank_with(identity.certificate))];
  Holdings holdings;
  read_holdings(holdings, arguments, network);
  BankLinks links({.network = network,
                   .identity = identity,
                   .listener = listen_on(
                       arguments.listen.empty() ? own.address : parse_address(arguments.listen)),
                   .on_refusal = on_stranger(reporter)});
  KeptKeys keys({.folder = arguments.folder, .network = network.id});
  AnswerRules rules = arguments.rules;
  rules.has_flags = holdings.clients && holdings.clients->has_flags;
  if (holdings.clients) rules.key = holdings.clients->key;
  Answering answering({.links = links,
                       .table = holdings.clients ? &holdings.table : nullptr,
                       .service = holdings.service ? &*holdings.service : nullptr,
                       .rules = rules,
                       .on_event = [&](const AnswerEvent& event) { reporter.tell(links, event); },
                       .keys = &keys,
                       .asked = &*holdings.asked});
  say_ready(reporter, holdings, answering, network, own);
  if (arguments.once) return answering.serve_once(stop);
  answering.serve(stop);
}

int exit_code(Code code) {
  switch (code) {
    case Code::bad_input:
    case Code::bad_schema:
    case Code::not_found:
      return 2;
    case Code::forbidden:
      return 3;
    case Code::cancelled:
      return 130;
    default:
      return 1;
  }
}

sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void let_a_second_one_end_it() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

/// Serves on a thread of its own; this one waits for a signal, or for the end.
int run(const PeerArguments& arguments) {
  const sigset_t signals = block_signals();
  harden_process();
  Reporter reporter(arguments.json ? Reporter::Form::json : Reporter::Form::text);
  CancellationToken stop({.silence = asking_silence});
  int code = 0;
  const pthread_t waiting = pthread_self();
  std::jthread thread([&] {
    try {
      serve(arguments, reporter, stop);
    } catch (const Error& error) {
      reporter.tell(error);
      code = exit_code(error.code());
    } catch (const std::exception& error) {
      reporter.tell(Error(Code::internal, error.what()));
      code = exit_code(Code::internal);
    }
    pthread_kill(waiting, SIGUSR1);
  });
  int signal = 0;
  sigwait(&signals, &signal);
  let_a_second_one_end_it();
  stop.cancel();
  thread.join();
  return code;
}

}  // namespace

int main(int count, char** values) {
  if (count == 2 && std::string_view(values[1]) == "--version") {
    fmt::print("polder-peer {}\n", version);
    return 0;
  }
  try {
    return run(parse_arguments(std::span(values, static_cast<std::size_t>(count)).subspan(1)));
  } catch (const Error& error) {
    fmt::print(stderr, "polder-peer: {}\n", error.what());
    return exit_code(error.code());
  }
}
