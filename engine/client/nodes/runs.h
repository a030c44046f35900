// The runs that concern an organisation: those that it asked for, those on its tables, and those
// whose results are for it.
#pragma once

#include <string>
#include <vector>

#include "client/keys.h"
#include "client/nodes/three_nodes.h"

namespace polder {

struct RunEntry {
  std::string session;
  std::string run;         // run_text of wire/plan.h
  std::uint64_t began_ms;  // at the first node that tells of it
  std::string state;
  std::string why;         // if it failed
  std::vector<int> nodes;  // that know of it: all three, unless something is wrong
};

/// The latest ones, at most `most` of each node, with `member`'s signature.
std::vector<RunEntry> list_runs(const Network& network, const OrganisationKeys& member,
                                std::size_t most, CancellationToken& cancellation);

}  // namespace polder
