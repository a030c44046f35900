#include "wire/table_rule.h"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <set>

#include "base/error.h"
#include "base/json.h"

namespace polder {
namespace json = boost::json;
namespace {

using Use = TableRule::Use;

constexpr std::size_t max_parties = 64, max_names = 2 * max_parties;  // recipients may be others
constexpr std::uint64_t latest_time = std::uint64_t{1} << 52;         // ms; the year 144000

constexpr std::array<std::pair<Use, std::string_view>, 5> words{{
    {Use::match, "match"},
    {Use::lookup, "lookup"},
    {Use::queries, "questions"},
    {Use::analysis, "analysis"},
    {Use::risk, "risk"},
}};

std::vector<std::string> distinct(Fields& fields, std::string_view name, std::size_t most) {
  std::vector<std::string> texts = fields.texts(name, most);
  if (std::set<std::string_view>(texts.begin(), texts.end()).size() != texts.size()) {
    fail(Code::bad_input, "manifest: 'serves' names one twice in '{}'", name);
  }
  return texts;
}

std::vector<Use> parse_uses(Fields& fields) {
  std::vector<Use> uses;
  for (const std::string& word : distinct(fields, "uses", words.size())) {
    uses.push_back(use_named(word));
  }
  if (uses.empty()) fail(Code::bad_input, "manifest: a table that serves nothing is of no use");
  return uses;
}

std::vector<std::string> parse_partners(Fields& fields) {
  std::vector<std::string> names = distinct(fields, "partners", max_names);
  for (const std::string& each : names) check_name(each, "manifest: a partner's name");
  return names;
}

std::vector<std::string> parse_handles(Fields& fields) {
  std::vector<std::string> handles = distinct(fields, "with", max_names);
  for (const std::string& each : handles) check_hex(each, 16, "manifest: a handle in 'with'");
  return handles;
}

std::string parse_session(Fields& fields) {
  std::string session = fields.text("session");
  if (!session.empty()) check_hex(session, 16, "manifest: the session that a table serves");
  return session;
}

}  // namespace

std::string_view name(Use use) {
  return std::ranges::find(words, use, &std::pair<Use, std::string_view>::first)->second;
}

Use use_named(std::string_view word) {
  for (const auto& [use, known] : words) {
    if (known == word) return use;
  }
  fail(Code::bad_input,
       "'{}' is nothing that a table serves; it serves match, lookup, questions, analysis or risk",
       word);
}

TableRule parse_rule(const json::object& object) {
  Fields fields(object, "manifest: serves");
  TableRule rule{.uses = parse_uses(fields),
                 .partners = parse_partners(fields),
                 .with = parse_handles(fields),
                 .threshold = fields.integer("threshold", 1, max_parties),
                 .at_least = fields.integer("at_least", 0, UINT32_MAX),
                 .rows_per_day = fields.integer("rows_a_day", 0, latest_time),
                 .session = parse_session(fields),
                 .until = fields.integer("until", 0, latest_time),
                 .approval = fields.truth("approval")};
  fields.done();
  if (!rule.listed() && rule.until == 0) {
    fail(Code::bad_input, "manifest: a table of one run needs an end: set 'until'");
  }
  if (rule.approval && rule.uses != std::vector{Use::analysis}) {
    fail(Code::bad_input, "manifest: a table that needs approval serves analysis alone");
  }
  return rule;
}

json::object to_json(const TableRule& rule) {
  json::array uses;
  for (const Use use : rule.uses) uses.emplace_back(json::string(name(use)));
  return {{"uses", std::move(uses)},
          {"partners", json::array(rule.partners.begin(), rule.partners.end())},
          {"with", json::array(rule.with.begin(), rule.with.end())},
          {"threshold", rule.threshold},
          {"at_least", rule.at_least},
          {"rows_a_day", rule.rows_per_day},
          {"session", rule.session},
          {"until", rule.until},
          {"approval", rule.approval}};
}

}  // namespace polder
