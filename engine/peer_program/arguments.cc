#include "peer_program/arguments.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "client/files/dialect.h"
#include "peer/terms.h"

namespace polder {
namespace {

constexpr const char* usage =
    "usage: polder-peer --dir DIR --network FILE [--file FILE.csv] [--register FILE.csv]\n"
    "                   [--id [FILE:]COL[:KIND]]... [--kind KIND] [--flag COL] [--report COL]\n"
    "                   [--delimiter C] [--header-row N] [--strict] [--keep-placeholders]\n"
    "                   [--allow NAME]... [--protocol NAME]... [--min-threshold T] [--flags-only]\n"
    "                   [--bound N] [--max-rows N] [--rows-per-day N] [--limit N]\n"
    "                   [--sessions-per-bank N] [--max-minutes N] [--listen HOST:PORT]\n"
    "                   [--once] [--json]\n";

constexpr std::uint64_t max_minutes = 7 * 24 * 60;

std::uint64_t number(std::string_view option, std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return value;
  fail(Code::bad_input, "{}: '{}' is not a whole number", option, text);
}

struct Range {
  std::uint64_t least, most;
};

std::uint64_t number_in(const Range& range, std::string_view option, std::string_view text) {
  const std::uint64_t value = number(option, text);
  if (value >= range.least && value <= range.most) return value;
  fail(Code::bad_input, "{}: {} is not from {} to {}", option, value, range.least, range.most);
}

/// An option without a value; whether it is one.
bool take_switch(PeerArguments& arguments, std::string_view option) {
  if (option == "--once") return arguments.once = true;
  if (option == "--json") return arguments.json = true;
  if (option == "--flags-only") return arguments.rules.flags_only = true;
  if (option == "--keep-placeholders") {
    arguments.columns.placeholders = Placeholders::keep;
    return true;
  }
  if (option != "--strict") return false;
  arguments.columns.empty = EmptyIdentifiers::refuse;
  return true;
}

/// A rule of what is answered; whether it is one.
bool take_rule(PeerArguments& arguments, std::string_view option, const std::string& value) {
  AnswerRules& rules = arguments.rules;
  if (option == "--allow") {
    rules.allow.push_back(value);
  } else if (option == "--protocol") {
    rules.protocols.push_back(value);
  } else if (option == "--min-threshold") {
    rules.min_threshold = number(option, value);
  } else if (option == "--bound") {
    rules.bound = number(option, value);
  } else if (option == "--max-rows") {
    rules.max_rows = number(option, value);
  } else if (option == "--rows-per-day") {
    arguments.rows_per_day = number(option, value);
  } else if (option == "--limit") {
    arguments.look_ups = number(option, value);
  } else if (option == "--sessions-per-bank") {
    rules.sessions_per_bank =
        static_cast<int>(number_in({1, Answering::max_sessions}, option, value));
  } else if (option == "--max-minutes") {
    rules.deadline = std::chrono::minutes(number_in({1, max_minutes}, option, value));
  } else {
    return false;
  }
  return true;
}

void take(PeerArguments& arguments, std::string_view option, const std::string& value) {
  if (take_rule(arguments, option, value)) return;
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
  } else if (option == "--listen") {
    arguments.listen = value;
  } else {
    fail(Code::bad_input, "there is no option {}\n{}", option, usage);
  }
}

}  // namespace

PeerArguments parse_arguments(std::span<char* const> values) {
  PeerArguments arguments;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string_view option = values[i];
    if (take_switch(arguments, option)) continue;
    if (i + 1 == values.size()) fail(Code::bad_input, "{} needs a value\n{}", option, usage);
    take(arguments, option, values[++i]);
  }
  const bool answers = !arguments.file.empty() || !arguments.incidents.empty();
  if (arguments.folder.empty() || arguments.network.empty() || !answers) {
    fail(Code::bad_input, "--dir, --network and --file or --register are needed\n{}", usage);
  }
  return arguments;
}

AskedRows::Limits row_limits(const PeerArguments& arguments, std::optional<std::uint64_t> clients) {
  const AnswerRules& rules = arguments.rules;
  AskedRows::Limits limits{.rows = arguments.rows_per_day, .look_ups = arguments.look_ups};
  if (limits.rows > 0) return limits;
  limits.rows = limits.look_ups;
  if (clients) limits.rows += 4 * max_rows_for(bound_for(*clients, rules.bound), rules.max_rows);
  return limits;
}

}  // namespace polder
