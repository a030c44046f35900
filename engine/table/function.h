// Functions of columns, row by row: what they have in common. A function's file says which types it
// takes and gives and how it is computed; that its columns lie over the same rows, missing values
// and what stands behind them follow.
#pragma once

#include <optional>

#include "plan/operator.h"
#include "table/answer.h"

namespace polder {

enum class Nulls {
  propagate,  // missing where an input is
  own         // the function says
};

struct FunctionDescriptor {
  std::string name = {};
  int arity = 2;
  std::string python = {};
  std::string what = {};
  std::vector<std::string> differs = {};
  std::string oracle = {};
  std::string example = {};
  Nulls nulls = Nulls::propagate;
  /// Complains if the types do not fit.
  std::function<Type(const std::vector<Type>&, Complaints&)> gives = {};
  /// `gives` is what the plan says of the answer.  Columns of one length.
  std::function<Series(Protocol&, const Type& gives, const std::vector<const Series*>&)> lower = {};
};

Operator function(FunctionDescriptor of);

/// Complains of an answer that 64 bits may not hold.
void require_fits(const Type& type, std::string_view expression, const std::vector<Type>& of,
                  Complaints& no);

}  // namespace polder
