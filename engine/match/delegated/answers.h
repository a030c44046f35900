// The answers of a match: made and opened for all recipients side by side, in rounds that do not
// grow with them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "match/delegated/marks.h"
#include "match/match.h"

namespace polder {

/// What is known of a party while its rows are in the union: where they lie there.
struct Owner {
  std::string name;
  std::size_t first, count;
  std::optional<Arith> attribute;
  bool is_recipient;
};

/// What the answers are made from.
struct Outcome {
  Marks by_owner;                    // of rows in the parties' own order
  std::optional<Marks> identifiers;  // set once an identifier that matches
};

/// Opens each recipient its answer as `match` says.
void open_answers(Protocol& mpc, const MatchRequest& request, const std::vector<Owner>& owners,
                  const Outcome& outcome);

}  // namespace polder
