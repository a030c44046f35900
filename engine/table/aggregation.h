// What an aggregate's answer is, whether of a group or of a whole column.
#pragma once

#include "plan/registry.h"

namespace polder {

/// A column of a group's answers: `label` is what it is called, `column` null for an aggregate of
/// rows. Complains if there is no such aggregate, it does not take the column, or the answer could
/// overflow.
ColumnShape aggregate_shape(const Inference& in, const std::string& aggregate,
                            const std::string& label, const ColumnShape* column,
                            std::uint64_t rows);

/// Complains if the rows are groups: how many records stand behind a count of groups is not
/// counted.
void require_records(const Inference& in);

/// True or false used as a number decides inside a value.
inline Use use_of_aggregated(const Type& type) {
  return type.kind == TypeKind::boolean ? Use::condition : Use::aggregate;
}

}  // namespace polder
