#include "client/match.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "client/files/header.h"
#include "client/files/key_columns.h"
#include "client/match_work.h"
#include "client/nodes/network_file.h"
#include "client/nodes/tables.h"

namespace polder {
namespace {

namespace fs = std::filesystem;
using Show = MatchPlan::Show;
constexpr std::size_t max_parties = 64;  // of a plan

}  // namespace

Match::Match(Network network, MatchOptions options)
    : network_(std::move(network)), options_(std::move(options)) {
  for (const std::string& input : options_.inputs) add_party(input);
  if (options_.to.empty()) {
    for (const MatchInput& party : parties_) options_.to.push_back(party.name);
  }
  check();
}

void Match::add_party(const std::string& input) {
  const std::string name =
      is_table(input) ? input.substr(input.find('@') + 1) : fs::path(input).stem().string();
  check_file_name(name, fmt::format("party of {}", input));
  const auto same = std::ranges::find(parties_, name, &MatchInput::name);
  if (same != parties_.end()) {
    fail(Code::bad_input,
         "party '{}' is given twice, as {} and {}; a party is called like its file, give each its "
         "own name",
         name, same->input, input);
  }
  parties_.push_back({.name = name, .input = input});
}

void Match::check() const {
  const std::size_t count = parties_.size();
  if (count < 2) fail(Code::bad_input, "a match needs two parties or more, {} given", count);
  if (count > max_parties) {
    fail(Code::bad_input, "a match has at most {} parties, {} given", max_parties, count);
  }
  if (options_.threshold < 1 || options_.threshold > count) {
    fail(Code::bad_input, "threshold {} is out of range: with {} parties it is 1 to {}",
         options_.threshold, count, count);
  }
  if (options_.min_flags > count) {
    fail(Code::bad_input,
         "min-flags {} is out of range: with {} parties it is 1 to {}, or no flags",
         options_.min_flags, count, count);
  }
  if (options_.min_flags > 0 && options_.columns.flag.empty()) {
    fail(Code::bad_input, "min-flags {} needs a flag column; name it or match without flags",
         options_.min_flags);
  }
  const bool of_attribute = options_.show == Show::sum || options_.show == Show::mean;
  if (of_attribute == options_.columns.attribute.empty()) {
    fail(Code::bad_input,
         "show sum or mean and an attribute column go together; give both or neither");
  }
  std::vector<std::string> names;
  for (const MatchInput& party : parties_) names.push_back(party.name);
  const auto learns = [&](const std::string& name) {
    return std::ranges::count(options_.to, name) > 0;
  };
  if (options_.at_least > 0 && std::ranges::all_of(names, learns)) {
    fail(Code::bad_input,
         "at-least counts what others than the recipients hold, and here every party is a "
         "recipient; "
         "name recipients (--to), or leave at-least out");
  }
  for (const std::string& to : options_.to) {
    if (std::ranges::count(options_.to, to) > 1)
      fail(Code::bad_input, "recipient '{}' is named twice; name it once", to);
    if (options_.show == Show::rows && std::ranges::find(names, to) == names.end())
      fail(Code::bad_input, "recipient '{}' is no party, so it has no rows; the parties are {}", to,
           quoted_list(names));
  }
}

void Match::read(const OnProgress& progress) {
  PartyFileOptions columns = options_.columns;
  columns.matching_key = matching_key_of(network_);
  const auto keys = key_columns(columns.key, options_.inputs);
  for (std::size_t i = 0; i < parties_.size(); ++i) {
    MatchInput& party = parties_[i];
    if (is_table(party.input)) continue;
    columns.key = keys[i];
    columns.progress = [&](std::size_t done, std::size_t total) {
      report(progress, "reading " + party.name,
             static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(total, 1)));
    };
    party.file = read_party_file(party.input, columns);
  }
  check_keys();
}

/// Of files only: what tables are keyed on is known once they are found.
void Match::check_keys() const {
  std::vector<KeyOf> keys;
  for (const MatchInput& party : parties_) {
    if (party.file) keys.push_back({.file = party.input, .columns = party.file->key});
  }
  check_keys_agree(keys,
                   options_.columns.key.empty() ? KeyNames::must_agree : KeyNames::may_differ);
}

MatchOutcome Match::run(const Run& run, CancellationToken& cancellation,
                        const OnProgress& progress) {
  MatchWork work({.network = network_,
                  .options = options_,
                  .parties = parties_,
                  .run = run,
                  .cancellation = cancellation,
                  .progress = progress});
  return work.run();
}

}  // namespace polder
