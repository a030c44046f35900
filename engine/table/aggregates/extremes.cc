#include "table/aggregate_steps.h"

namespace polder::aggregates {
namespace {

Aggregate extreme(std::string name, std::string what, Statistic statistic) {
  return {.name = name,
          .python = "Series." + name + "()",
          .what = std::move(what),
          .oracle = "x." + name + "()",
          .takes = [](const Type& type) { return type.kind != TypeKind::identifier; },
          .takes_what = "what has an order",
          .gives = [](const Type& type, std::uint64_t) { return type.with_null(true); },
          .steps = steps(
              {.asks = {statistic, Statistic::count},
               .finish = [statistic](Protocol& mpc, const Type& gives, const GroupStatistics& of) {
                 Series series(gives, of.bits(statistic));
                 series.set_null(nothing_counts(mpc, of.number(Statistic::count)));
                 return series;
               }})};
}

}  // namespace

std::vector<Aggregate> extremes() {
  return {extreme("min", "The least value; missing if there is none.", Statistic::least),
          extreme("max", "The greatest value; missing if there is none.", Statistic::greatest)};
}

}  // namespace polder::aggregates
