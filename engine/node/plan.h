// What a session is asked to compute, as the client writes it and all three nodes check it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace boost::json {
class object;
}

namespace polder {

/// Threshold matching of the parties' tables: SPEC section 7.
struct MatchPlan {
  enum class Show { rows, count, union_size, sum, mean };
  std::vector<std::string> tables;   // handles, one a party
  std::vector<std::string> parties;  // names, in the tables' order
  std::uint64_t threshold;           // holders that make a match, 1..parties
  std::uint64_t min_flags;           // flags that a match needs; 0: flags do not count
  std::vector<std::string> to;       // recipients; for rows each is a party
  Show show;
  std::string attribute;   // column whose sum or mean over the matches is shown; else empty
  std::uint64_t at_least;  // matches below which nothing is shown; 0: always
};

/// Throws Error bad_input naming the field: kinds other than "match", parties or recipients twice,
/// numbers out of range, fields that do not go together.
MatchPlan parse_plan(const boost::json::object& object);
boost::json::object to_json(const MatchPlan& plan);

/// The text that the nodes compare.
std::string canonical(const MatchPlan& plan);

}  // namespace polder
