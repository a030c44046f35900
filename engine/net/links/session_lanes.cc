#include "net/links/session_lanes.h"

#include <string>

#include "crypto/hash.h"

namespace polder {

SessionId lane_id(const SessionId& base, std::size_t lane) {
  const std::string name(base.begin(), base.end());
  return hash128("polder lane " + std::to_string(lane) + " " + name);
}

SessionLanes::SessionLanes(Links& links, const SessionId& session, CancellationToken& cancellation)
    : links_(links), cancellation_(cancellation) {
  add(session);
}

void SessionLanes::widen_to(std::size_t lanes, const SessionId& base) {
  while (connections_.size() < lanes) add(lane_id(base, connections_.size()));
}

void SessionLanes::add(const SessionId& id) {
  connections_.push_back(std::make_unique<SessionConnections>(links_, id, cancellation_));
  meshes_.push_back(&connections_.back()->mesh());
}

Traffic SessionLanes::traffic() const {
  Traffic all;
  for (const Mesh* mesh : meshes_) all = all + mesh->traffic();
  return all;
}

void SessionLanes::abort(Code code, std::string_view why) const noexcept {
  for (const Mesh* mesh : meshes_) mesh->abort(code, why);
}

void SessionLanes::finish() {
  for (const auto& connections : connections_) connections->finish();
}

}  // namespace polder
