// What a plan opens, as its approvers read it: it stands in what they sign, and each node derives
// it anew from the plan, so that what was read is what binds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json_text.h"
#include "plan/graph.h"

namespace polder {

struct Disclosure {
  std::string label;
  std::vector<std::string> to;  // as the plan lists them
  std::int64_t min_group = 0;   // rows behind each cell, at least
  bool rows = false;            // values of single records are among it
  friend bool operator==(const Disclosure&, const Disclosure&) = default;
};

/// Of each root that opens something, in the plan's order.
std::vector<Disclosure> disclosures_of(const Graph& plan);

/// The names of the tables that a plan reads of an owner, in byte order.
std::vector<std::string> tables_of(const Graph& plan, std::string_view owner);
/// Whose tables a plan reads, in byte order.
std::vector<std::string> owners_of(const Graph& plan);

/// Throws Error bad_input naming the field.
std::vector<Disclosure> parse_disclosures(const Json& value, const std::string& what);
Json to_json(const std::vector<Disclosure>& disclosures);

}  // namespace polder
