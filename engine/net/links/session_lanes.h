// The connections of one session that computes on several lanes. To the net each lane is a session
// of its own, so no two lanes' frames can be mixed up.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "net/links/links.h"

namespace polder {

/// The id of lane `lane` among lanes that the nodes named `base`.
SessionId lane_id(const SessionId& base, std::size_t lane);

/// Starts with one lane. Destroyed without `finish` it closes all connections: tell the peers why
/// before that (abort).
class SessionLanes {
 public:
  /// Throws as SessionConnections' constructor.
  SessionLanes(Links& links, const SessionId& session, CancellationToken& cancellation);

  /// Takes connections until there are `lanes` lanes: all three nodes must do so. `base`: 16 bytes
  /// that the nodes drew together. Whoever asks for sessions chooses their ids, so ids of lanes
  /// that followed from them could be met on purpose.  Throws as the constructor.
  void widen_to(std::size_t lanes, const SessionId& base);

  std::span<Mesh* const> meshes() const { return meshes_; }
  Mesh& first() const { return *meshes_[0]; }
  Traffic traffic() const;

  void abort(Code code, std::string_view why) const noexcept;
  /// After the session's last receive: as SessionConnections::finish.
  void finish();

 private:
  void add(const SessionId& id);

  Links& links_;
  CancellationToken& cancellation_;
  std::vector<std::unique_ptr<SessionConnections>> connections_;
  std::vector<Mesh*> meshes_;
};

}  // namespace polder
