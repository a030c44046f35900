#include "table/aggregation.h"

namespace polder {

ColumnShape aggregate_shape(const Inference& in, const std::string& name, const std::string& label,
                            const ColumnShape* column, std::uint64_t rows) {
  const Aggregate* aggregate = in.registry.aggregate(name);
  if (aggregate == nullptr) {
    std::string known;
    for (const auto& [other, of] : in.registry.aggregates())
      known += (known.empty() ? "" : ", ") + other;
    in.no.add(Problem::name, "there is no aggregate '{}'; there are: {}", name, known);
    return {label, {}, {}, false};
  }
  if (column != nullptr && column->counted) {
    in.no.add(Problem::opening,
              "'{}' comes out of groups; how many records stand behind {} of it is not counted: "
              "aggregate the records themselves",
              column->name, name);
  }
  if (aggregate->of_rows != (column == nullptr)) {
    in.no.add(Problem::type, "{} is {}", name,
              aggregate->of_rows ? "of rows, not of a column" : "of a column; name one");
    return {label, {}, {}, false};
  }
  if (column == nullptr) return {label, aggregate->gives({}, rows), {}, true};
  if (!aggregate->takes(column->type)) {
    in.no.add(Problem::type, "{} takes {}, and '{}' is {}", name, aggregate->takes_what,
              column->name, column->type.text());
    return {label, {}, {}, false};
  }
  Type type = aggregate->gives(column->type, rows);
  if (type.is_stored_number() && !type.bounds.fits()) {
    in.no.add(Problem::overflow,
              "{} of '{}' ({}) over at most {} rows could reach {}, beyond 2^62; declare narrower "
              "bounds, or fewer rows",
              name, column->name, column->type.text(), rows, type.bounds.text());
  }
  return {label, std::move(type), column->from, true};
}

void require_records(const Inference& in) {
  if (in.of[0]->grouped) {
    in.no.add(Problem::opening,
              "these rows are groups; how many records stand behind several of them is not "
              "counted: group the records themselves");
  }
}

}  // namespace polder
