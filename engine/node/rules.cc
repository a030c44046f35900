#include "node/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace polder {
namespace {

using Use = TableRule::Use;

/// One table of a run, before the rule of its owner.
class Check {
 public:
  Check(const PreparedRun& run, std::size_t place, const Asked& asked)
      : run_(run), table_(*run.tables[place]), place_(place), asked_(asked) {}

  void all() const {
    check_time();
    check_session();
    check_use();
    check_partners();
    check_tables();
    if (const auto* const match = std::get_if<MatchPlan>(&run_.plan)) check_numbers(*match);
  }

 private:
  const Manifest& manifest() const { return table_.manifest; }
  const TableRule& rule() const { return table_.manifest.serves; }

  template <typename... Parts>
  [[noreturn]] void refuse(fmt::format_string<Parts...> why, Parts&&... parts) const {
    fail(Code::forbidden, "plan: table {} of '{}' {}", table_.handle, manifest().owner,
         fmt::format(why, std::forward<Parts>(parts)...));
  }

  void check_time() const {
    if (rule().until == 0 || asked_.now_ms < static_cast<std::int64_t>(rule().until)) return;
    refuse("has ended, as its owner said; it must be uploaded again");
  }

  void check_session() const {
    if (rule().session.empty() || rule().session == asked_.session) return;
    refuse("serves one other run alone");
  }

  Use use() const {
    if (std::holds_alternative<MatchPlan>(run_.plan)) return Use::match;
    if (std::holds_alternative<TablePlan>(run_.plan)) return Use::analysis;
    return place_ == LookupPlan::requester ? Use::queries : Use::lookup;
  }

  void check_use() const {
    if (std::ranges::find(rule().uses, use()) != rule().uses.end()) return;
    std::vector<std::string_view> allowed;
    for (const Use each : rule().uses) allowed.push_back(name(each));
    refuse("serves {}, not {}; its owner may upload it again with --serves {}",
           fmt::join(allowed, ", "), name(use()), name(use()));
  }

  void check_partners() const {
    if (rule().partners.empty()) return;
    const PlanParties names = parties_of(run_.plan);
    for (const std::string& party : names.parties) check_partner(party);
    for (const std::string& to : names.to) check_partner(to);
    check_partner(asked_.requester);
  }

  void check_partner(std::string_view who) const {
    if (who == manifest().owner) return;
    if (std::ranges::find(rule().partners, who) != rule().partners.end()) return;
    refuse("may not be used by or for '{}'; its owner may upload it again with --for {}", who, who);
  }

  void check_tables() const {
    if (rule().with.empty()) return;
    for (const auto& other : run_.tables) {
      if (other.get() == &table_ ||
          std::ranges::find(rule().with, other->handle) != rule().with.end())
        continue;
      refuse("may not stand beside table {}", other->handle);
    }
  }

  void check_numbers(const MatchPlan& plan) const {
    if (plan.threshold < rule().threshold) {
      refuse("serves matches from a threshold of {} on, not {}", rule().threshold, plan.threshold);
    }
    const bool shows_number = plan.show != MatchPlan::Show::rows;
    if (shows_number && plan.at_least < rule().at_least) {
      refuse("serves numbers of at least {} matches, not {}: set at_least to it", rule().at_least,
             plan.at_least);
    }
  }

  const PreparedRun& run_;
  const TableRecord& table_;
  const std::size_t place_;
  const Asked& asked_;
};

}  // namespace

void check_rules(const PreparedRun& run, const Asked& asked) {
  if (std::holds_alternative<IngestPlan>(run.plan)) return;  // shows nothing to anybody
  for (std::size_t place = 0; place < run.tables.size(); ++place) Check(run, place, asked).all();
}

std::uint64_t rows_asked(const PreparedRun& run, const TableRecord& of) {
  std::uint64_t rows = 0;
  for (const auto& table : run.tables) {
    if (table->manifest.owner != of.manifest.owner) rows += table->manifest.rows;
  }
  return rows;
}

}  // namespace polder
