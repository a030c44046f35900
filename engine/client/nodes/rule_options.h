// What an owner says of a table when it uploads it, and what holds where it says nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/files/party_file.h"
#include "wire/table_rule.h"

namespace polder {

struct RuleOptions {
  std::vector<std::string> uses = {};      // match, lookup; none: both
  std::vector<std::string> partners = {};  // organisations; none: every member
  std::optional<std::uint64_t> threshold = {};
  std::optional<std::uint64_t> at_least = {};
  std::optional<std::uint64_t> rows_per_day = {};
  std::uint64_t until = 0;  // unix ms; 0: for good
  bool approval = false;    // each plan on a typed table needs its owner's
};

/// Unless said otherwise: matches from a threshold of 2 on; numbers of no fewer than 10 matches if
/// there is an attribute, as a sum over one row is that row's; and of one member a day no more rows
/// than 4 times its own, or 100,000.  Throws Error bad_input.
TableRule rule_for(const PartyFile& file, const RuleOptions& options);

/// Of a typed table: unless said otherwise it serves analyses that show groups of no fewer than 10
/// rows.  Throws Error bad_input.
TableRule rule_for_plans(const RuleOptions& options);

/// Of a table that is uploaded for one run, which is to end within `deadline`: that run's alone,
/// and gone an hour after its deadline even if nobody removes it.
TableRule rule_for_run(const std::string& session, std::chrono::milliseconds deadline);

}  // namespace polder
