// polder-peer: a bank that answers the others of its network, until SIGTERM or SIGINT.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/text_file.h"
#include "base/version.h"
#include "client/bank_match.h"
#include "client/dialect.h"
#include "client/key_columns.h"
#include "client/reading_json.h"
#include "crypto/hex.h"
#include "node/hardening.h"
#include "peer/answer.h"

namespace {

using namespace polder;
namespace json = boost::json;

constexpr const char* usage =
    "usage: polder-peer --dir DIR --network FILE [--file FILE.csv] [--register FILE.csv]\n"
    "                   [--id [FILE:]COL[:KIND]]... [--kind KIND] [--flag COL] [--report COL]\n"
    "                   [--delimiter C] [--header-row N]\n"
    "                   [--limit N] [--strict] [--keep-placeholders]\n"
    "                   [--allow NAME]... [--min-threshold T] [--bound N] [--listen HOST:PORT]\n"
    "                   [--once] [--json]\n";

struct Arguments {
  std::filesystem::path folder, network;
  std::string file;       // of clients, for matches; may be empty
  std::string incidents;  // a register, for look-ups; may be empty
  std::string report;     // its column that may be given
  std::uint64_t limit = 100;
  PartyFileOptions columns;
  AnswerRules rules;
  std::string listen;
  bool once = false;
  bool json = false;
};

std::uint64_t number(std::string_view option, std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return value;
  fail(Code::bad_input, "{}: '{}' is not a whole number", option, text);
}

/// An option without a value; whether it is one.
bool take_switch(Arguments& arguments, std::string_view option) {
  if (option == "--once") return arguments.once = true;
  if (option == "--json") return arguments.json = true;
  if (option == "--keep-placeholders") {
    arguments.columns.placeholders = Placeholders::keep;
    return true;
  }
  if (option != "--strict") return false;
  arguments.columns.empty = EmptyIdentifiers::refuse;
  return true;
}

void take(Arguments& arguments, std::string_view option, const std::string& value) {
  if (option == "--dir") {
    arguments.folder = value;
  } else if (option == "--network") {
    arguments.network = value;
  } else if (option == "--file") {
    arguments.file = value;
  } else if (option == "--register") {
    arguments.incidents = value;
  } else if (option == "--report") {
    arguments.report = value;
  } else if (option == "--limit") {
    arguments.limit = number(option, value);
  } else if (option == "--id") {
    arguments.columns.key.push_back(value);
  } else if (option == "--delimiter") {
    arguments.columns.delimiter = delimiter_named(value);
  } else if (option == "--header-row") {
    arguments.columns.header_row = number(option, value);
  } else if (option == "--kind") {
    arguments.columns.kind = kind_named(value).name;
  } else if (option == "--flag") {
    arguments.columns.flag = value;
  } else if (option == "--allow") {
    arguments.rules.allow.push_back(value);
  } else if (option == "--min-threshold") {
    arguments.rules.min_threshold = number(option, value);
  } else if (option == "--bound") {
    arguments.rules.bound = number(option, value);
  } else if (option == "--listen") {
    arguments.listen = value;
  } else {
    fail(Code::bad_input, "there is no option {}\n{}", option, usage);
  }
}

Arguments parse(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string_view option = values[i];
    if (take_switch(arguments, option)) continue;
    if (i + 1 == count) fail(Code::bad_input, "{} needs a value\n{}", option, usage);
    take(arguments, option, values[++i]);
  }
  const bool answers = !arguments.file.empty() || !arguments.incidents.empty();
  if (arguments.folder.empty() || arguments.network.empty() || !answers) {
    fail(Code::bad_input, "--dir, --network and --file or --register are needed\n{}", usage);
  }
  return arguments;
}

/// Says what happens: a line for people, or an object for programs.
class Speaker {
 public:
  explicit Speaker(bool as_json) : as_json_(as_json) {}

  void say(json::object object, const std::string& text) {
    const std::lock_guard lock(mutex_);
    const auto now = fmt::localtime(std::time(nullptr));
    as_json_ ? fmt::print("{}\n", json::serialize(object))
             : fmt::print("{:%H:%M:%S} {}\n", now, text);
    std::fflush(stdout);
  }

  bool as_json() const { return as_json_; }

 private:
  const bool as_json_;
  std::mutex mutex_;
};

std::string shown(const Question& question, std::size_t banks) {
  return fmt::format("{}, threshold {} of {}{}", question.protocol, question.threshold, banks,
                     question.flags ? "" : ", without flags");
}

std::string shown_bytes(std::uint64_t bytes) {
  const auto number = static_cast<double>(bytes);
  return bytes < 1'000'000 ? fmt::format("{:.1f} kB", number / 1e3)
                           : fmt::format("{:.1f} MB", number / 1e6);
}

void tell(Speaker& speaker, const BankLinks& links, const AnswerEvent& event) {
  json::object object{{"asker", event.asker}};
  std::string asks = event.asker;
  if (const Question* question = event.question) {
    object["protocol"] = question->protocol;
    object["threshold"] = question->threshold;
    object["flags"] = question->flags;
    asks += fmt::format(" ({})", shown(*question, links.network().banks.size()));
  }
  if (!event.why.empty()) {
    object["code"] = std::string(name(event.code));
    object["why"] = event.why;
  }
  switch (event.kind) {
    case AnswerEvent::Kind::asked:
      object["event"] = "asked";
      return speaker.say(object, asks + " asks; answering");
    case AnswerEvent::Kind::refused:
      object["event"] = "refused";
      return speaker.say(object, fmt::format("{} was refused: {}", asks, event.why));
    case AnswerEvent::Kind::failed:
      object["event"] = "failed";
      return speaker.say(
          object, fmt::format("{} ended early, perhaps with its answer: {}", asks, event.why));
    case AnswerEvent::Kind::looked_up:
      object["event"] = "looked_up";
      object["identifiers"] = event.looked_up;
      return speaker.say(object, fmt::format("{} looked {} identifiers up", asks, event.looked_up));
    case AnswerEvent::Kind::answered: {
      const BankOutcome& outcome = *event.outcome;
      const std::uint64_t sent = outcome.bytes_sent[static_cast<std::size_t>(links.self())];
      object["event"] = "answered";
      object["seconds"] = outcome.seconds;
      object["bytes_sent"] = sent;
      return speaker.say(object, fmt::format("{} was answered in {:.1f} s, {} sent", asks,
                                             outcome.seconds, shown_bytes(sent)));
    }
  }
}

/// Strangers can knock as often as they like: one line a second.
std::function<void(const Error&)> stranger(Speaker& speaker) {
  return [&speaker, next = Clock::time_point()](const Error& error) mutable {
    if (Clock::now() < next) return;
    next = Clock::now() + std::chrono::seconds(1);
    speaker.say({{"event", "stranger"}, {"why", error.what()}},
                fmt::format("turned away: {}", error.what()));
  };
}

/// What this bank has to answer with.
struct Holdings {
  std::optional<PartyFile> clients, incidents;
  PeerTable table;
  std::optional<LookupDesk> desk;
};

void read_holdings(Holdings& holdings, const Arguments& arguments, const BankNetwork& network) {
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
  if (arguments.incidents.empty()) return;
  columns.key = keys.back();
  columns.flag.clear();
  columns.report = arguments.report;
  holdings.incidents = read_bank_file(arguments.incidents, columns, network, {});
  RegisterRows rows{.identifiers = peer_table(*holdings.incidents).identifiers};
  if (!arguments.report.empty()) rows.reports = holdings.incidents->reports;
  holdings.desk.emplace(LookupDesk::Options{.rows = rows,
                                            .bound = arguments.rules.bound,
                                            .folder = arguments.folder,
                                            .limit = arguments.limit,
                                            .key = holdings.incidents->key});
}

void say_ready(Speaker& speaker, const Holdings& holdings, const BankNetwork& network,
               const BankCard& own) {
  json::object ready{{"event", "ready"}, {"name", own.name}};
  const std::size_t others = network.banks.size() - 1;
  std::vector<std::string> answers;
  if (const auto& clients = holdings.clients) {
    for (const auto& [key, value] : reading_json(*clients)) ready[key] = value;
    answers.push_back(fmt::format("matches with {} clients of {}", clients->size(), clients->file));
  }
  if (const auto& incidents = holdings.incidents) {
    const std::string fingerprint = to_hex(holdings.desk->list().head.fingerprint);
    json::object shown = reading_json(*incidents);
    shown["fingerprint"] = fingerprint;
    ready["register"] = std::move(shown);
    answers.push_back(fmt::format("look-ups in {} entries of {} (fingerprint {})",
                                  incidents->size(), incidents->file, fingerprint));
  }
  speaker.say(ready,
              fmt::format("bank '{}' answers {} other bank{} on {}: {}", own.name, others,
                          others == 1 ? "" : "s", to_text(own.address), fmt::join(answers, "; ")));
}

void serve(const Arguments& arguments, Speaker& speaker, Patience& stop) {
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
                   .on_refusal = stranger(speaker)});
  KeptKeys keys({.folder = arguments.folder, .network = network.id});
  AnswerRules rules = arguments.rules;
  rules.has_flags = holdings.clients && holdings.clients->has_flags;
  if (holdings.clients) rules.key = holdings.clients->key;
  Answering answering({.links = links,
                       .table = holdings.clients ? &holdings.table : nullptr,
                       .desk = holdings.desk ? &*holdings.desk : nullptr,
                       .rules = rules,
                       .on_event = [&](const AnswerEvent& event) { tell(speaker, links, event); },
                       .keys = &keys});
  say_ready(speaker, holdings, network, own);
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

int report(Speaker& speaker, const Error& error) {
  if (error.code() == Code::cancelled) {
    speaker.say({{"event", "stopped"}}, "stopped");
  } else if (speaker.as_json()) {
    speaker.say(
        {{"event", "error"}, {"code", std::string(name(error.code()))}, {"message", error.what()}},
        "");
  } else {
    fmt::print(stderr, "polder-peer: {}\n", error.what());
  }
  return exit_code(error.code());
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
int run(const Arguments& arguments) {
  const sigset_t signals = block_signals();
  harden_process();
  Speaker speaker(arguments.json);
  Patience stop({.silence = asking_silence});
  int code = 0;
  const pthread_t waiting = pthread_self();
  std::jthread thread([&] {
    try {
      serve(arguments, speaker, stop);
    } catch (const Error& error) {
      code = report(speaker, error);
    } catch (const std::exception& error) {
      code = report(speaker, Error(Code::internal, error.what()));
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
    fmt::print("polder-peer {}\n", polder::version);
    return 0;
  }
  try {
    return run(parse(count, values));
  } catch (const polder::Error& error) {
    fmt::print(stderr, "polder-peer: {}\n", error.what());
    return exit_code(error.code());
  }
}
