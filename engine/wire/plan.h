// What a session is asked to compute, as the client writes it and all three nodes check it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
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
  std::uint64_t at_least;  // what must count of others' for anything to be shown; 0: always
};

/// Whether identifiers are in another owner's register: SPEC section 7.
struct LookupPlan {
  enum Place : std::size_t { requester = 0, owner = 1 };  // in `tables` and `parties`
  std::vector<std::string> tables;                        // handles: the queries, the register
  std::vector<std::string> parties;                       // whose they are
  std::vector<std::string> to;                            // the requester
  std::string report;  // column of the register that is given, too; else empty
};

/// A plan of operators (engine/plan), which the nodes keep by its fingerprint, on tables and with
/// values for its parameters.
struct TablePlan {
  std::string fingerprint;           // of the plan's text, in hex
  std::vector<std::string> tables;   // handles, one for each table that the plan reads, in order
  std::vector<std::string> parties;  // whose they are
  std::vector<std::string> to;       // all whom the plan opens something to, in byte order
  std::map<std::string, std::string, std::less<>> parameters;  // values as plan/value.h writes them
};

/// Whether a typed table's values are what its manifest says: asked for by its owner before the
/// table is published.
struct IngestPlan {
  std::vector<std::string> tables;   // one handle
  std::vector<std::string> parties;  // its owner
  std::vector<std::string> to;       // nobody
};

using Plan = std::variant<MatchPlan, LookupPlan, TablePlan, IngestPlan>;

/// What plans of all kinds have. Lasts as long as the plan.
struct PlanParties {
  std::span<const std::string> tables, parties, to;
};
PlanParties parties_of(const Plan& plan);

/// Throws Error bad_input naming the field: unknown kinds, parties or recipients twice, numbers out
/// of range, fields that do not go together.
Plan parse_plan(const boost::json::object& object);
boost::json::object to_json(const Plan& plan);

/// The text that the nodes compare.
std::string canonical(const Plan& plan);

/// What a run is, for those who learn its results: the text that each node seals with them.
std::string run_text(const Plan& plan, std::string_view requester);

}  // namespace polder
