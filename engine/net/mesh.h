// A session's place among the three nodes: its role and its connections to the two others.
#pragma once

#include "net/channel.h"

namespace polder {

/// Sends `out` on one channel and receives `in` from another (or the same) at the same time,
/// without copying `out`.  One round.  Throws as Channel::receive does.
void exchange(Channel& to, std::span<const std::uint8_t> out, Channel& from,
              std::span<std::uint8_t> in);

inline void exchange(Channel& to, std::span<const std::uint64_t> out, Channel& from,
                     std::span<std::uint64_t> in) {
  exchange(to, bytes_of(out), from, bytes_of(in));
}

/// Does not own its channels: MemoryRing, DirectRing or SessionConnections do.
class Mesh {
 public:
  Mesh(int role, Channel& next, Channel& prev) : role_(role), next_(&next), prev_(&prev) {}

  int role() const { return role_; }
  Channel& next() const { return *next_; }  // to role + 1 mod 3
  Channel& prev() const { return *prev_; }  // to role - 1 mod 3

  Traffic traffic() const { return next_->traffic() + prev_->traffic(); }

  void flush() const;
  /// Tells both neighbours that this node stops the session.
  void abort(Code code, std::string_view why) const noexcept;

 private:
  int role_;
  Channel* next_;
  Channel* prev_;
};

constexpr int next_role(int role) { return (role + 1) % 3; }
constexpr int prev_role(int role) { return (role + 2) % 3; }

}  // namespace polder
