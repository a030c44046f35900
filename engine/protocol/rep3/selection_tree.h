// The comparison circuit: of two numbers, the answer is y's bit at the highest place where they
// differ. A tree of selections over bit places, 2 w - log2 w products in all where a ripple would
// take w rounds. Source: Garay, Schoenmakers, Villegas, "Practical and Secure Solutions for Integer
// Comparison", PKC 2007 (the tree), on shares of one bit.
#pragma once

#include <vector>

#include "protocol/rep3/gates.h"

namespace polder::rep3 {

class SelectionTree {
 public:
  /// Gates that a tree over `width` bits needs at most, inputs not counted.
  static std::size_t gates(int width) { return 2 * static_cast<std::size_t>(width) + 2; }

  /// value[i]: y's bit i; differ[i]: x's xor y's bit i; lowest bit first. `distinct`: x never
  /// equals y, so the lowest bit need not look whether they differ.
  void start(std::vector<Wire> value, std::vector<Wire> differ, bool distinct) {
    value_ = std::move(value);
    differ_ = std::move(differ);
    lowest_due_ = !distinct;
  }

  /// Levels left; 0: `answer` is ready.
  bool done() const { return value_.size() == 1 && !lowest_due_; }
  /// The next level is the last and has one gate.
  bool last_level() const { return value_.size() == 2 && !lowest_due_; }
  Wire answer() const { return value_[0]; }

  /// Computes the next level's gates; the caller sends and receives them.
  void level(Gates& gates) {
    if (lowest_due_) {
      value_[0] = gates.both(differ_[0], value_[0]);
      lowest_due_ = false;
      return;
    }
    const std::size_t pairs = value_.size() / 2;
    for (std::size_t p = 0; p < pairs; ++p) {
      value_[p] = gates.select(differ_[2 * p + 1], value_[2 * p + 1], value_[2 * p]);
    }
    for (std::size_t p = 1; p < pairs;
         ++p) {  // nothing lies below pair 0, so whether it differs is never asked
      differ_[p] = gates.either(differ_[2 * p + 1], differ_[2 * p]);
    }
    if (value_.size() % 2 == 1) {
      value_[pairs] = value_.back();
      differ_[pairs] = differ_.back();
    }
    value_.resize(pairs + value_.size() % 2);
    differ_.resize(value_.size());
  }

 private:
  std::vector<Wire> value_, differ_;
  bool lowest_due_ = false;
};

}  // namespace polder::rep3
