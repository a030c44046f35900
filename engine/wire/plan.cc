#include "wire/plan.h"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/json.h"

namespace polder {
namespace json = boost::json;
namespace {

using Show = MatchPlan::Show;
constexpr std::size_t max_parties = 64, max_scans = 1000;

constexpr std::array<std::pair<Show, std::string_view>, 5> shows{{
    {Show::rows, "rows"},
    {Show::count, "count"},
    {Show::union_size, "union"},
    {Show::sum, "sum"},
    {Show::mean, "mean"},
}};

Show show_named(std::string_view name) {
  for (const auto& [show, known] : shows) {
    if (known == name) return show;
  }
  fail(Code::bad_input, "plan: show must be rows, count, union, sum or mean");
}

std::string_view name(Show show) {
  for (const auto& [known, text] : shows) {
    if (known == show) return text;
  }
  return "";
}

void check_distinct(std::span<const std::string> names, std::string_view what) {
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) {
    fail(Code::bad_input, "plan: a name stands twice in '{}'; each may stand there once", what);
  }
}

void check_names(const PlanParties& names) {
  for (const std::string& handle : names.tables) check_hex(handle, 16, "plan: a table's handle");
  for (const std::string& party : names.parties) check_name(party, "plan: a party's name");
  for (const std::string& to : names.to) check_name(to, "plan: a recipient's name");
  check_distinct(names.to, "to");
}

void check_counts(const MatchPlan& plan) {
  if (plan.tables.empty() || plan.tables.size() != plan.parties.size()) {
    fail(Code::bad_input, "plan: {} tables of {} parties; each party has one", plan.tables.size(),
         plan.parties.size());
  }
  if (plan.threshold > plan.parties.size() || plan.min_flags > plan.parties.size()) {
    fail(Code::bad_input, "plan: threshold {} and min_flags {} may be at most {}, the parties",
         plan.threshold, plan.min_flags, plan.parties.size());
  }
  if (plan.to.empty()) fail(Code::bad_input, "plan: 'to' names nobody");
}

void check_show(const MatchPlan& plan) {
  const auto is_party = [&](const std::string& name) {
    return std::find(plan.parties.begin(), plan.parties.end(), name) != plan.parties.end();
  };
  const auto is_recipient = [&](const std::string& name) {
    return std::find(plan.to.begin(), plan.to.end(), name) != plan.to.end();
  };
  if (plan.show == Show::rows && !std::all_of(plan.to.begin(), plan.to.end(), is_party)) {
    fail(Code::bad_input, "plan: rows go to parties only; each learns about its own");
  }
  if (plan.at_least > 0 && std::all_of(plan.parties.begin(), plan.parties.end(), is_recipient)) {
    fail(
        Code::bad_input,
        "plan: at_least counts what owners other than the recipients hold, and here every owner is "
        "a recipient; name fewer in 'to', or leave at_least out");
  }
  if ((plan.show == Show::sum || plan.show == Show::mean) == plan.attribute.empty()) {
    fail(Code::bad_input, "plan: 'attribute' goes with show sum or mean, and only with these");
  }
}

MatchPlan parse_match(Fields& fields) {
  MatchPlan plan{
      .tables = fields.texts("tables", max_parties),
      .parties = fields.texts("parties", max_parties),
      .threshold = fields.integer("threshold", 1, max_parties),
      .min_flags = fields.integer("min_flags", 0, max_parties),
      .to = fields.texts("to", max_parties),
      .show = show_named(fields.text("show")),
      .attribute = fields.has("attribute") ? fields.name("attribute") : std::string(),
      .at_least = fields.has("at_least") ? fields.integer("at_least", 0, UINT32_MAX) : 0};
  check_distinct(plan.parties, "parties");
  check_distinct(plan.tables, "tables");
  check_counts(plan);
  check_show(plan);
  return plan;
}

LookupPlan parse_lookup(Fields& fields) {
  LookupPlan plan{.tables = fields.texts("tables", 2),
                  .parties = fields.texts("parties", 2),
                  .to = fields.texts("to", 1),
                  .report = fields.has("report") ? fields.name("report") : std::string()};
  if (plan.tables.size() != 2 || plan.parties.size() != 2) {
    fail(Code::bad_input,
         "plan: a look-up has two tables, the requester's queries and the register");
  }
  check_distinct(plan.tables, "tables");
  if (plan.to != std::vector{plan.parties[LookupPlan::requester]}) {
    fail(Code::bad_input, "plan: the answer of a look-up goes to its first party, who asks");
  }
  return plan;
}

std::map<std::string, std::string, std::less<>> parse_parameters(Fields& fields) {
  std::map<std::string, std::string, std::less<>> values;
  const json::object& given = fields.object("parameters");
  Fields texts(given, "plan: parameters");
  for (const auto& entry : given) {
    const std::string name(entry.key());
    check_name(name, "plan: a parameter's name");
    values[name] = texts.text(name);
  }
  return values;
}

TablePlan parse_table_plan(Fields& fields) {
  TablePlan plan{.fingerprint = fields.hex("fingerprint", 32),
                 .tables = fields.texts("tables", max_scans),
                 .parties = fields.texts("parties", max_scans),
                 .to = fields.texts("to", max_parties),
                 .parameters = parse_parameters(fields)};
  if (plan.tables.size() != plan.parties.size()) {
    fail(Code::bad_input, "plan: {} tables of {} parties; say whose each table is",
         plan.tables.size(), plan.parties.size());
  }
  return plan;
}

IngestPlan parse_ingest(Fields& fields) {
  IngestPlan plan{.tables = fields.texts("tables", 1),
                  .parties = fields.texts("parties", 1),
                  .to = fields.texts("to", 0)};
  if (plan.tables.size() != 1 || plan.parties.size() != 1) {
    fail(Code::bad_input, "plan: an ingest check is of one table, asked for by its owner");
  }
  return plan;
}

Plan parse_kind(Fields& fields) {
  const std::string kind = fields.text("kind");
  if (kind == "match") return parse_match(fields);
  if (kind == "lookup") return parse_lookup(fields);
  if (kind == "tables") return parse_table_plan(fields);
  if (kind == "ingest") return parse_ingest(fields);
  fail(Code::bad_input, "plan: kind must be \"match\", \"lookup\", \"tables\" or \"ingest\"");
}

void add_terms(json::object& object, const MatchPlan& plan) {
  object["kind"] = "match";
  object["threshold"] = plan.threshold;
  object["min_flags"] = plan.min_flags;
  object["show"] = json::string(name(plan.show));
  object["at_least"] = plan.at_least;
  if (!plan.attribute.empty()) object["attribute"] = plan.attribute;
}

void add_terms(json::object& object, const LookupPlan& plan) {
  object["kind"] = "lookup";
  if (!plan.report.empty()) object["report"] = plan.report;
}

void add_terms(json::object& object, const TablePlan& plan) {
  object["kind"] = "tables";
  object["fingerprint"] = plan.fingerprint;
  json::object& parameters = object["parameters"].emplace_object();
  for (const auto& [name, value] : plan.parameters) parameters[name] = value;
}

void add_terms(json::object& object, const IngestPlan&) { object["kind"] = "ingest"; }

}  // namespace

PlanParties parties_of(const Plan& plan) {
  return std::visit(
      [](const auto& of_kind) {
        return PlanParties{of_kind.tables, of_kind.parties, of_kind.to};
      },
      plan);
}

Plan parse_plan(const json::object& object) {
  Fields fields(object, "plan");
  Plan plan = parse_kind(fields);
  fields.done();
  check_names(parties_of(plan));
  return plan;
}

json::object to_json(const Plan& plan) {
  const auto list = [](std::span<const std::string> names) {
    return json::array(names.begin(), names.end());
  };
  const PlanParties names = parties_of(plan);
  json::object object{
      {"tables", list(names.tables)}, {"parties", list(names.parties)}, {"to", list(names.to)}};
  std::visit([&](const auto& of_kind) { add_terms(object, of_kind); }, plan);
  return object;
}

std::string canonical(const Plan& plan) { return canonical(to_json(plan)); }

std::string run_text(const Plan& plan, std::string_view requester) {
  return canonical(json::object{{"plan", to_json(plan)}, {"requester", json::string(requester)}});
}

}  // namespace polder
