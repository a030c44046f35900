// One descriptor an aggregate: what becomes of all values of a group, or of a whole column.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plan/complaints.h"
#include "plan/type.h"

namespace polder {

class AggregateSteps;  // table/aggregate_steps.h

struct Aggregate {
  std::string name;
  std::string python = {};  // "Series.sum()"
  std::string what = {};
  std::vector<std::string> differs = {};
  std::string oracle = {};
  /// Counts rows, so takes no column.
  bool of_rows = false;
  std::function<bool(const Type&)> takes = {};
  std::string takes_what = {};  // for the message: "numbers"
  /// Of at most so many values. Whether it fits is looked at by who asks.
  std::function<Type(const Type&, std::uint64_t rows)> gives = {};
  std::shared_ptr<const AggregateSteps> steps = {};
};

}  // namespace polder
