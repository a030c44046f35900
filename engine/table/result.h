// What a recipient gets of an opening, and what it makes of it.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "plan/graph.h"
#include "protocol/protocol.h"

namespace polder {

/// The labels under which the parts of a result are delivered: the values of a column, and one
/// column of flags: of each row whether it is there, then of each column whether the value is
/// missing and whether it is withheld.
std::string value_part(const std::string& label, std::size_t column);
std::string flags_part(const std::string& label);

struct ResultColumn {
  std::string name;
  Type type;
  std::size_t row_words = 1;
  Words values;                // row after row; 0 where missing or withheld
  std::vector<bool> null;      // missing
  std::vector<bool> withheld;  // fewer rows behind it than wanted
};

/// Rows that are there, in the order in which they were opened.
struct Result {
  std::string label;
  std::size_t rows = 0;
  std::vector<ResultColumn> columns;
};

/// A delivered part in the clear.
using Part = std::variant<Words, PlainBits>;

/// The result of a root that opens. `part` gives what was delivered under a label.
Result result_of(const Graph& plan, StepId root,
                 const std::function<Part(const std::string& label)>& part);

}  // namespace polder
