#include "table/aggregate_steps.h"

namespace polder::aggregates {

std::vector<Aggregate> count() {
  return {{.name = "count",
           .python = "Series.count()",
           .what = "How many values, those that are missing left out.",
           .oracle = "x.count()",
           .takes = [](const Type&) { return true; },
           .gives = [](const Type&,
                       std::uint64_t rows) { return Type::integer(0, static_cast<Int128>(rows)); },
           .steps = steps({.asks = {Statistic::count},
                           .finish = [](Protocol&, const Type& gives, const GroupStatistics& of) {
                             return Series(gives, of.number(Statistic::count));
                           }})}};
}

}  // namespace polder::aggregates
