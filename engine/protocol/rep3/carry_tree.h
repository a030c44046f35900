// The carry out of a sum of bits: pairs (carry, propagate) of bit places, two neighbours combined a
// level. Where a place propagates (its two bits differ) it takes the carry from below, else it
// makes the carry that either of its bits is: so C = where p_high: c_low, else c_high, P = p_high
// p_low, and a single place needs no gate for its carry, but for the lowest, which has nothing
// below.
#pragma once

#include <vector>

#include "protocol/rep3/gates.h"

namespace polder::rep3 {

class CarryTree {
 public:
  enum class Lowest { has_carry_in, starts_at_zero };  // only the first needs its P

  static std::size_t gates(std::size_t places) { return 2 * places; }

  CarryTree() = default;
  CarryTree(std::vector<Wire> carry, std::vector<Wire> propagate, Lowest lowest)
      : carry_(std::move(carry)),
        propagate_(std::move(propagate)),
        first_propagate_(lowest == Lowest::has_carry_in ? 0 : 1) {}

  bool done() const { return carry_.size() <= 1; }
  Wire carry() const { return carry_[0]; }
  Wire propagate() const { return propagate_[0]; }

  void level(Gates& gates) {
    const std::size_t pairs = carry_.size() / 2, odd = carry_.size() % 2;
    for (std::size_t p = 0; p < pairs; ++p) {
      carry_[p] = gates.select(propagate_[2 * p + 1], carry_[2 * p], carry_[2 * p + 1]);
    }
    for (std::size_t p = first_propagate_; p < pairs; ++p) {
      propagate_[p] = gates.bit_and(propagate_[2 * p + 1], propagate_[2 * p]);
    }
    if (odd == 1) {
      carry_[pairs] = carry_.back();
      propagate_[pairs] = propagate_.back();
    }
    carry_.resize(pairs + odd);
    propagate_.resize(pairs + odd);
  }

 private:
  std::vector<Wire> carry_, propagate_;
  std::size_t first_propagate_ = 0;
};

}  // namespace polder::rep3
