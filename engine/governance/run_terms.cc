#include "governance/run_terms.h"

#include "governance/names.h"

namespace polder {

RunTerms parse_run_terms(const Json& value, const std::string& what) {
  JsonFields fields(value, what);
  RunTerms terms{.purpose = name_in(fields, "purpose"),
                 .from_ms = fields.integer("from", 0, Json::max_integer),
                 .until_ms = fields.integer("until", 0, Json::max_integer),
                 .max_runs = fields.integer("max_runs", 1, RunTerms::max_run_count),
                 .requesters = names_in(fields, "requesters")};
  fields.done();
  if (terms.until_ms <= terms.from_ms || terms.until_ms - terms.from_ms > RunTerms::longest_ms)
    fields.refuse("until", "after 'from', by 732 days at most");
  return terms;
}

Json to_json(const RunTerms& terms) {
  return Json::Object{{"purpose", terms.purpose},
                      {"from", terms.from_ms},
                      {"until", terms.until_ms},
                      {"max_runs", terms.max_runs},
                      {"requesters", to_json(terms.requesters)}};
}

}  // namespace polder
