// What all banks do together: from each one's additive shares of the two numbers of every bin, how
// many others hold it and how many flag it, to the one number that is opened.
#pragma once

#include "match/quorum/counts.h"
#include "match/quorum/sharing/root_product.h"

namespace polder::quorum {

class JointOpening {
 public:
  JointOpening(Parties& parties, const Parameters& parameters);

  Sharing& sharing() { return sharing_; }

  /// For each bin zero, or a uniformly random number. As often as the parameters say, under
  /// another factor each time: a factor may be zero.  Reveals: that, to the requester alone.
  std::vector<Elements> open(const Counts& own);

 private:
  std::uint64_t random_numbers() const;

  const Parameters& parameters_;
  const RootProduct product_;
  Sharing sharing_;
};

}  // namespace polder::quorum
