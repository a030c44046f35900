#include "table/aggregate_steps.h"

#include "ops/compare/compare.h"

namespace polder {
namespace {

/// A column without nulls counts in all its rows.
GroupQuery counted(const Series* column) {
  if (column == nullptr || column->null() == nullptr) return {nullptr, Statistic::rows};
  return {column, Statistic::count};
}

/// Each question in the form in which it is asked.
GroupQuery asked(const Series* column, Statistic statistic) {
  if (statistic == Statistic::rows) return {nullptr, statistic};
  return statistic == Statistic::count ? counted(column) : GroupQuery{column, statistic};
}

}  // namespace

Bits nothing_counts(Protocol& mpc, const Arith& count) { return is_zero(mpc, count); }

std::vector<GroupQuery> queries(const Aggregate& aggregate, const Series* column) {
  std::vector<GroupQuery> all{counted(column)};
  for (const Statistic statistic : aggregate.steps->asks) all.push_back(asked(column, statistic));
  return all;
}

Series aggregated(Protocol& mpc, const Aggregate& aggregate, const Type& gives,
                  const Series* column, const StatisticAnswers& answers,
                  std::map<GroupQuery, Count>& counts) {
  // What finish looks up is under the column's own name, whatever was asked instead.
  StatisticAnswers own;
  for (const Statistic statistic : aggregate.steps->asks)
    own[{column, statistic}] = answers.at(asked(column, statistic));
  Series series = aggregate.steps->finish(mpc, gives, {own, column});
  Count& count = counts[counted(column)];
  if (count == nullptr)
    count = std::make_shared<const Arith>(std::get<Arith>(answers.at(counted(column))));
  series.set_behind({count});
  return series;
}

}  // namespace polder
