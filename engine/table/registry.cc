#include "table/registry.h"

namespace polder {

const Registry& table_registry() {
  static const Registry registry = [] {
    Registry all;
    add_table_operators(all);
    return all;
  }();
  return registry;
}

}  // namespace polder
