#include "operators/all_operators.h"

#include "graph/registry.h"
#include "ml/registry.h"
#include "table/registry.h"

namespace polder {

const Registry& all_operators() {
  static const Registry registry = [] {
    Registry all;
    add_table_operators(all);
    add_graph_operators(all);
    add_ml_operators(all);
    return all;
  }();
  return registry;
}

}  // namespace polder
