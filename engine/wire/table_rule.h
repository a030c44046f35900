// What a table may serve, as its owner says in the signed manifest: each node looks at it alone,
// on every run. What is not allowed here cannot be asked for, by whomever.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace boost::json {
class object;
}

namespace polder {

struct TableRule {
  /// In which place of a run a table may stand.
  /// A match's; a look-up's register; what a look-up asks; a plan's.
  /// And of a plan's table that others learn from it in rows of theirs: the risk that their own
  /// accounts have after it flowed along payments (docs/protocols/risk.md).
  enum class Use { match, lookup, queries, analysis, risk };

  std::vector<Use> uses = {Use::match, Use::lookup};
  std::vector<std::string> partners = {};  // who may take part, ask or learn; none: any member
  std::vector<std::string> with = {};      // handles of the only tables beside it; none: any
  std::uint64_t threshold = 2;             // of a match, at least
  std::uint64_t at_least = 0;              // of a match that shows a number, and of an analysis'
                                           // cells, at least
  std::uint64_t rows_per_day = 0;          // that one member may ask about in 24 h; 0: any
  std::string session = {};                // the one run that it is for; empty: any
  std::uint64_t until = 0;                 // unix ms, when it ends and is removed; 0: never
  bool approval = false;                   // of analyses alone: each plan needs its owner's signed
                                           // approval, which then says who learns what, and this
                                           // rule's at_least does not

  /// Tables of one run are no news to anybody else.
  bool listed() const { return session.empty(); }
};

std::string_view name(TableRule::Use use);
/// Throws Error bad_input naming the words there are.
TableRule::Use use_named(std::string_view word);

/// Throws Error bad_input naming the field.
TableRule parse_rule(const boost::json::object& object);
boost::json::object to_json(const TableRule& rule);

}  // namespace polder
