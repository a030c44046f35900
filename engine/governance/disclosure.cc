#include "governance/disclosure.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "governance/names.h"

namespace polder {
namespace {

Disclosure parse_one(const Json& value, const std::string& what) {
  JsonFields fields(value, what);
  Disclosure one{.label = fields.text("label"),
                 .to = {},
                 .min_group = fields.integer("min_group", 1, Json::max_integer),
                 .rows = false};
  for (const Json& item : fields.list("to")) {
    const auto* const name = item.get_if<std::string>();
    if (name == nullptr) fields.refuse("to", "a list of names");
    one.to.push_back(*name);
  }
  const auto* const rows = fields.at("rows").get_if<bool>();
  if (rows == nullptr) fields.refuse("rows", "true or false");
  one.rows = *rows;
  fields.done();
  return one;
}

template <typename Wanted>
std::vector<std::string> read_by(const Graph& plan, Wanted wanted) {
  std::set<std::string> names;
  for (const Step& step : plan.steps()) {
    if (step.op->reads) wanted(step.op->reads(step.fields), names);
  }
  return {names.begin(), names.end()};
}

}  // namespace

std::vector<Disclosure> disclosures_of(const Graph& plan) {
  std::vector<Disclosure> all;
  for (const Step& step : plan.steps()) {
    if (!step.op->opens) continue;
    const OpensTo opens = step.op->opens(step.fields);
    const Shape& shown = plan.at(step.of.at(0)).shape;
    all.push_back({.label = step.op->label(step.fields),
                   .to = opens.to,
                   .min_group = static_cast<std::int64_t>(opens.min_group),
                   .rows = std::ranges::any_of(shown.columns, &ColumnShape::is_of_records)});
  }
  return all;
}

std::vector<std::string> tables_of(const Graph& plan, std::string_view owner) {
  return read_by(plan, [&](const TableRead& read, std::set<std::string>& names) {
    if (read.owner == owner) names.insert(read.table);
  });
}

std::vector<std::string> owners_of(const Graph& plan) {
  return read_by(
      plan, [](const TableRead& read, std::set<std::string>& names) { names.insert(read.owner); });
}

std::vector<Disclosure> parse_disclosures(const Json& value, const std::string& what) {
  const auto* const list = value.get_if<Json::List>();
  if (list == nullptr || list->empty())
    fail(Code::bad_input, "{}: 'openings' must be a list of at least one", what);
  std::vector<Disclosure> all;
  for (const Json& item : *list) all.push_back(parse_one(item, what + ": an opening"));
  return all;
}

Json to_json(const std::vector<Disclosure>& disclosures) {
  Json::List list;
  for (const Disclosure& one : disclosures) {
    list.push_back(Json::Object{{"label", one.label},
                                {"to", to_json(one.to)},
                                {"min_group", one.min_group},
                                {"rows", one.rows}});
  }
  return list;
}

}  // namespace polder
