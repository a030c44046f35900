// A party's place among t that each have a connection to every other: what the peer protocols run
// on.
#pragma once

#include <vector>

#include "net/channel.h"

namespace polder {

/// Does not own its channels. At most 255 parties. As sends never wait for the receiver, a step
/// between all parties is: send to each, then receive from each.
class Parties {
 public:
  /// connections: [t], the one at `self` null.
  Parties(int self, std::vector<Channel*> connections);

  int self() const { return self_; }
  int count() const { return static_cast<int>(connections_.size()); }
  Channel& to(int party) const;

  Traffic traffic() const;

  void flush() const;
  /// Tells all others that this party stops the session.
  void abort(Code code, std::string_view why) const noexcept;

 private:
  int self_;
  std::vector<Channel*> connections_;
};

}  // namespace polder
