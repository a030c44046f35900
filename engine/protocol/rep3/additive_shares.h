// A number shared by addition as the sum of two whose bits can be shared cheaply: a = c0 + c1,
// which node 0 knows, and b = c2, which nodes 1 and 2 know. a's bits are hidden with a stream that
// nodes 0 and 2 share and sent to node 1; b's need nothing.
#pragma once

#include <vector>

#include "base/memory.h"
#include "protocol/rep3/gates.h"
#include "protocol/share.h"

namespace polder::rep3 {

class AdditiveShares {
 public:
  /// Rows first .. first + n of x plus the public `offset`; n at most a block.  `width`: of how
  /// many low bits.
  void start(Party& party, const Arith& x, std::size_t first, std::size_t n, int width,
             std::uint64_t offset);
  /// Node 0 sends a's hidden bits to node 1 …
  void send(Party& party);
  /// … which takes them.
  void receive(Party& party);

  std::vector<Wire> a() const;  // bit i of a
  std::vector<Wire> b() const;  // bit i of b
  std::vector<Wire> exclusive()
      const;  // bit i of a xor b, without a gate: no node would have to add anything up
  std::size_t plane_words() const { return plane_words_; }

 private:
  std::vector<Wire> wires(const Words& first, const Words& second) const;

  int role_ = 0, width_ = 0;
  std::size_t plane_words_ = 0;
  Words hidden_a_, b_, stream_, zero_;  // planes; which are filled depends on the node
};

}  // namespace polder::rep3
