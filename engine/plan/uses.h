// What a column is used for: what its owner may allow or forbid.
#pragma once

#include <string_view>

namespace polder {

enum class Use {
  join_key,
  match_key,
  lookup_key,
  flag,
  group_key,
  sort_key,
  filter,
  condition,  // decides inside a value: a comparison used as a number, a division by it
  aggregate,
  model_feature,
  model_label,
  model_apply,
  graph_node,
  graph_edge,
  row_output,
};
std::string_view name(Use use);

}  // namespace polder
