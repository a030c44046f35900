// All operators and aggregates there are, by name. Made from the files of the folders that have
// them (polder_operators in cmake/polder.cmake).
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "plan/aggregate.h"
#include "plan/operator.h"

namespace polder {

class Registry {
 public:
  void add(std::vector<Operator> operators);
  void add(std::vector<Aggregate> aggregates);

  /// By name and version, "merge@1".  Throws Error bad_input.
  const Operator& at(std::string_view full_name) const;
  /// Null if there is none.
  const Aggregate* aggregate(std::string_view name) const;
  /// In the order of their names.
  const std::map<std::string, Operator, std::less<>>& operators() const { return operators_; }
  const std::map<std::string, Aggregate, std::less<>>& aggregates() const { return aggregates_; }

 private:
  std::map<std::string, Operator, std::less<>> operators_;
  std::map<std::string, Aggregate, std::less<>> aggregates_;
};

}  // namespace polder
