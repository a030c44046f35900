#include "table/aggregate_steps.h"

namespace polder::aggregates {

std::vector<Aggregate> size() {
  return {{.name = "size",
           .python = "DataFrame.size()",
           .what = "How many rows.",
           .oracle = "len(x)",
           .of_rows = true,
           .gives = [](const Type&,
                       std::uint64_t rows) { return Type::integer(0, static_cast<Int128>(rows)); },
           .steps = steps({.asks = {Statistic::rows},
                           .finish = [](Protocol&, const Type& gives, const GroupStatistics& of) {
                             return Series(gives, of.number(Statistic::rows));
                           }})}};
}

}  // namespace polder::aggregates
