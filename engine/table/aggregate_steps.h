// How an aggregate is done on shares: what it asks of each group, and what it makes of the answers.
#pragma once

#include <functional>
#include <vector>

#include "plan/aggregate.h"
#include "table/grouping.h"

namespace polder {

/// A column's answers, a row a group.
struct GroupStatistics {
  const StatisticAnswers& answers;
  const Series* column;

  const Arith& number(Statistic statistic) const {
    return std::get<Arith>(answers.at({column, statistic}));
  }
  const Bits& bits(Statistic statistic) const {
    return std::get<Bits>(answers.at({column, statistic}));
  }
};

class AggregateSteps {
 public:
  std::vector<Statistic> asks;
  /// `gives` is what the plan says of the answer.
  std::function<Series(Protocol&, const Type& gives, const GroupStatistics&)> finish;
};

inline std::shared_ptr<const AggregateSteps> steps(AggregateSteps of) {
  return std::make_shared<const AggregateSteps>(std::move(of));
}

/// No value counts.  count [n] -> [n] of 1.  As is_zero of numbers.  Reveals nothing.
Bits nothing_counts(Protocol& mpc, const Arith& count);

/// The questions that an aggregate asks of a column (null: of the rows), and how many values count,
/// behind which an opening may withhold it.
std::vector<GroupQuery> queries(const Aggregate& aggregate, const Series* column);
/// Their answer as a series.  Reveals nothing.
Series aggregated(Protocol& mpc, const Aggregate& aggregate, const Type& gives,
                  const Series* column, const StatisticAnswers& answers,
                  std::map<GroupQuery, Count>& counts);

}  // namespace polder
