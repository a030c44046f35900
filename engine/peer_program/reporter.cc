#include "peer_program/reporter.h"

#include <fmt/chrono.h>

#include <boost/json/serialize.hpp>
#include <cstdio>
#include <ctime>

namespace polder {
namespace json = boost::json;
namespace {

/// Everything that the requester chose.
std::string shown(const Query& query, std::size_t banks) {
  return fmt::format("{}, threshold {} of {}, {}, at most {} rows", query.protocol, query.threshold,
                     banks, query.flags ? "flagged" : "without flags", query.bound);
}

std::string shown_bytes(std::uint64_t bytes) {
  const auto number = static_cast<double>(bytes);
  return bytes < 1'000'000 ? fmt::format("{:.1f} kB", number / 1e3)
                           : fmt::format("{:.1f} MB", number / 1e6);
}

}  // namespace

void Reporter::say(json::object object, const std::string& text) {
  const std::lock_guard lock(mutex_);
  const auto now = fmt::localtime(std::time(nullptr));
  form_ == Form::json ? fmt::print("{}\n", json::serialize(object))
                      : fmt::print("{:%H:%M:%S} {}\n", now, text);
  std::fflush(stdout);
}

void Reporter::tell(const BankLinks& links, const AnswerEvent& event) {
  json::object object{{"requester", event.requester}};
  std::string asks = event.requester;
  if (const Query* query = event.query) {
    object["protocol"] = query->protocol;
    object["threshold"] = query->threshold;
    object["flags"] = query->flags;
    object["rows"] = query->bound;
    asks += fmt::format(" ({})", shown(*query, links.network().banks.size()));
  }
  if (!event.why.empty()) {
    object["code"] = std::string(name(event.code));
    object["why"] = event.why;
  }
  switch (event.kind) {
    case AnswerEvent::Kind::asked:
      object["event"] = "asked";
      return say(object, asks + " asks; answering");
    case AnswerEvent::Kind::refused:
      object["event"] = "refused";
      return say(object, fmt::format("{} was refused: {}", asks, event.why));
    case AnswerEvent::Kind::failed:
      object["event"] = "failed";
      return say(object,
                 fmt::format("{} ended early, perhaps with its answer: {}", asks, event.why));
    case AnswerEvent::Kind::looked_up:
      object["event"] = "looked_up";
      object["identifiers"] = event.looked_up;
      return say(object, fmt::format("{} looked {} identifiers up", asks, event.looked_up));
    case AnswerEvent::Kind::answered: {
      const BankOutcome& outcome = *event.outcome;
      const std::uint64_t sent = outcome.bytes_sent[static_cast<std::size_t>(links.self())];
      object["event"] = "answered";
      object["seconds"] = outcome.seconds;
      object["bytes_sent"] = sent;
      return say(object, fmt::format("{} was answered in {:.1f} s, {} sent", asks, outcome.seconds,
                                     shown_bytes(sent)));
    }
  }
}

void Reporter::tell(const Error& error) {
  if (error.code() == Code::cancelled) {
    say({{"event", "stopped"}}, "stopped");
  } else if (form_ == Form::json) {
    say({{"event", "error"}, {"code", std::string(name(error.code()))}, {"message", error.what()}},
        "");
  } else {
    fmt::print(stderr, "polder-peer: {}\n", error.what());
  }
}

std::function<void(const Error&)> on_stranger(Reporter& reporter) {
  return [&reporter, next = Clock::time_point()](const Error& error) mutable {
    if (Clock::now() < next) return;
    next = Clock::now() + std::chrono::seconds(1);
    reporter.say({{"event", "stranger"}, {"why", error.what()}},
                 fmt::format("turned away: {}", error.what()));
  };
}

}  // namespace polder
