#include "bench/options.h"

#include <charconv>
#include <functional>
#include <limits>
#include <map>

#include "base/error.h"

namespace polder::bench {
namespace {

template <typename Number>
Number number(std::string_view option, std::string_view text, Number least) {
  Number value{};
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, value).ptr != end || value < least) {
    fail(Code::bad_input, "{} wants a number from {}, not '{}'", option, least, text);
  }
  return value;
}

/// A number and its unit, e.g. 20ms; `units` gives each unit's size.
double quantity(std::string_view option, std::string_view text,
                const std::map<std::string_view, double>& units) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto unit = units.find(text.substr(static_cast<std::size_t>(rest - text.data())));
  if (error != std::errc() || value <= 0 || unit == units.end()) {
    std::string known;
    for (const auto& [name, size] : units) known += fmt::format(" {}", name);
    fail(Code::bad_input, "{} wants a number and a unit of{}, not '{}'", option, known, text);
  }
  return value * unit->second;
}

Uplink::Options& delay_of(Options& options) {
  constexpr double endless = std::numeric_limits<double>::infinity();
  if (!options.delay) options.delay = {.round_trip = {}, .bits_per_second = endless};
  return *options.delay;
}

void set_round_trip(Options& options, std::string_view text) {
  const double seconds = quantity("--rtt", text, {{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}});
  delay_of(options).round_trip =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

void set_bandwidth(Options& options, std::string_view text) {
  delay_of(options).bits_per_second = quantity("--bandwidth", text, {{"Mbit", 1e6}, {"Gbit", 1e9}});
}

std::vector<bool> tls_kinds(std::string_view text) {
  if (text == "off") return {false};
  if (text == "on") return {true};
  if (text == "both") return {false, true};
  fail(Code::bad_input, "--tls wants on, off or both, not '{}'", text);
}

}  // namespace

Options parse_options(std::span<char* const> arguments) {
  Options options;
  const std::map<std::string_view, std::function<void(std::string_view)>> with_value{
      {"--n", [&](auto text) { options.n = number<std::size_t>("--n", text, 1); }},
      {"--repeat", [&](auto text) { options.repeats = number("--repeat", text, 0); }},
      {"--budget",
       [&](auto text) {
         options.budget_seconds = quantity("--budget", text, {{"s", 1}});
       }},
      {"--lanes", [&](auto text) { options.lanes = number<std::size_t>("--lanes", text, 1); }},
      {"--instructions", [&](auto text) { options.instructions = text; }},
      {"--rtt", [&](auto text) { set_round_trip(options, text); }},
      {"--bandwidth", [&](auto text) { set_bandwidth(options, text); }},
      {"--tls", [&](auto text) { options.tls = tls_kinds(text); }},
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--json") {
      options.json = true;
    } else if (argument == "--help" || argument == "-h") {
      options.help = true;
    } else if (const auto option = with_value.find(argument); option != with_value.end()) {
      if (++i == arguments.size()) fail(Code::bad_input, "{} wants a value", argument);
      option->second(arguments[i]);
    } else if (argument.starts_with('-')) {
      fail(Code::bad_input, "no option '{}'; --help lists them", argument);
    } else {
      options.wanted.emplace_back(argument);
    }
  }
  return options;
}

}  // namespace polder::bench
