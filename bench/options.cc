#include "bench/options.h"

#include <charconv>
#include <functional>
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
      {"--repeat", [&](auto text) { options.repeats = number("--repeat", text, 1); }},
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
