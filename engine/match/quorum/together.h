// What all banks do together: from each one's summands of the two numbers of every bin, how many
// others hold it and how many flag it, to the one number that is opened.
#pragma once

#include "match/quorum/counts.h"
#include "match/quorum/root_product.h"

namespace polder::quorum {

class Together {
 public:
  Together(Parties& parties, const Parameters& parameters);

  Sharing& sharing() { return sharing_; }

  /// For each bin zero, or a uniformly random number. As often as the parameters say, under
  /// another factor each time: a factor may be zero.  Reveals: that, to the asker alone.
  std::vector<Elements> open(const Counts& own);

 private:
  std::uint64_t random_numbers() const;

  const Parameters& parameters_;
  const RootProduct product_;
  Sharing sharing_;
};

}  // namespace polder::quorum
