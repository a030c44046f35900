#include "table/aggregate_steps.h"

namespace polder::aggregates {

std::vector<Aggregate> sum() {
  return {{.name = "sum",
           .python = "Series.sum()",
           .what = "The sum, exact; 0 of no values.",
           .differs = {"a sum that could overflow is refused before anything runs; pandas wraps"},
           .oracle = "x.sum()",
           .takes =
               [](const Type& type) {
                 return type.is_number() || type.kind == TypeKind::boolean ||
                        type.kind == TypeKind::duration;
               },
           .takes_what = "numbers, durations and true or false",
           .gives =
               [](const Type& type, std::uint64_t rows) {
                 Type sum = type.kind == TypeKind::boolean ? Type::integer(0, 1) : type;
                 sum.null = false;
                 sum.bounds = sum_of(sum.bounds, rows);
                 sum.error = type.error * static_cast<double>(rows);
                 return sum;
               },
           .steps = steps({.asks = {Statistic::sum},
                           .finish = [](Protocol&, const Type& gives, const GroupStatistics& of) {
                             return Series(gives, of.number(Statistic::sum));
                           }})}};
}

}  // namespace polder::aggregates
