// The carry out of a sum of bits: pairs (generate, propagate) of bit places, two neighbours
// combined a level. G = g_high ^ p_high g_low, P = p_high p_low.
#pragma once

#include <vector>

#include "protocol/rep3/gates.h"

namespace polder::rep3 {

class CarryTree {
 public:
  enum class Lowest { has_carry_in, starts_at_zero };  // only the first needs its P

  static std::size_t gates(std::size_t places) { return 2 * places; }

  CarryTree() = default;
  CarryTree(std::vector<Wire> generate, std::vector<Wire> propagate, Lowest lowest)
      : generate_(std::move(generate)),
        propagate_(std::move(propagate)),
        first_propagate_(lowest == Lowest::has_carry_in ? 0 : 1) {}

  bool done() const { return generate_.size() <= 1; }
  Wire generate() const { return generate_[0]; }
  Wire propagate() const { return propagate_[0]; }

  void level(Gates& gates) {
    const std::size_t pairs = generate_.size() / 2, odd = generate_.size() % 2;
    for (std::size_t p = 0; p < pairs; ++p) {
      generate_[p] = gates.both_xor(propagate_[2 * p + 1], generate_[2 * p], generate_[2 * p + 1]);
    }
    for (std::size_t p = first_propagate_; p < pairs; ++p) {
      propagate_[p] = gates.both(propagate_[2 * p + 1], propagate_[2 * p]);
    }
    if (odd == 1) {
      generate_[pairs] = generate_.back();
      propagate_[pairs] = propagate_.back();
    }
    generate_.resize(pairs + odd);
    propagate_.resize(pairs + odd);
  }

 private:
  std::vector<Wire> generate_, propagate_;
  std::size_t first_propagate_ = 0;
};

}  // namespace polder::rep3
