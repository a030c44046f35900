#include "client/nodes/tables_for_run.h"

#include "client/nodes/tables.h"

namespace polder {

void TablesForRun::add(const OrganisationKeys& owner, std::string handle) {
  const std::lock_guard lock(mutex_);
  tables_.emplace_back(&owner, std::move(handle));
}

TablesForRun::~TablesForRun() {
  if (kept_) return;
  CancellationToken cancellation;
  for (const auto& [owner, handle] : tables_) {
    ThreeNodes(network_, cancellation, &owner->sign).tell_all([&](NodeClient& node) {
      remove_table(node, handle);
    });
  }
}

}  // namespace polder
