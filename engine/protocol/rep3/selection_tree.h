// The comparison circuit: of two numbers, the answer is y's bit at the highest place where they
// differ. A tree of selections over bit places, 2 w - log2 w products in all where a ripple would
// take w rounds. Source: Garay, Schoenmakers, Villegas, "Practical and Secure Solutions for Integer
// Comparison", PKC 2007 (the tree), on shares of one bit.
#pragma once

#include <algorithm>
#include <vector>

#include "protocol/rep3/gates.h"

namespace polder::rep3 {

class SelectionTree {
 public:
  /// Whether x may equal y; else the lowest bit need not look whether they differ.
  enum class Rows { any, distinct };

  /// Gates that a tree over `width` bits needs at most.
  static std::size_t gates(int width) { return 2 * static_cast<std::size_t>(width) + 4; }
  /// The same up to the first level.
  static std::size_t first_gates(int width) { return static_cast<std::size_t>(width) + 8; }

  /// Where a level's inputs are when the next one comes: all are there, or only what the level
  /// itself left (Gates::renew). The places are then not looked at after the first level.
  enum class Inputs { kept, forgotten };

  /// places: the numbers' bits, lowest first.
  void start(Gates& gates, std::vector<Place> places, Rows rows, Inputs inputs = Inputs::kept) {
    places_ = std::move(places);
    inputs_ = inputs;
    windows_.clear();
    const std::size_t width = places_.size();
    // What the first level does not join gate by gate: the lowest pair, and a place left over.
    for (std::size_t i = 0; i < width; ++i) {
      if (i >= std::min<std::size_t>(2, width) && !(i == width - 1 && width % 2 == 1)) continue;
      const bool outlives_places = i >= 2 && inputs == Inputs::forgotten;
      const Wire y = outlives_places ? gates.copy(places_[i].y) : places_[i].y;
      windows_.push_back({y, gates.exclusive(places_[i].x, places_[i].y)});
    }
    if (width == 1) places_.clear();
    lowest_due_ = rows == Rows::any;
  }

  /// Nothing left to do: `answer` is ready.
  bool done() const { return places_.empty() && windows_.size() == 1 && !lowest_due_; }
  /// The next level is the last and has one gate.
  bool last_level() const { return left() == 2 && !lowest_due_; }
  Wire answer() const { return windows_[0].value; }

  /// Gates of the next level at most, carried inputs among them.
  std::size_t next_gates() const { return left() + 2; }

  /// Computes the next level's gates; the caller sends and receives them.
  void level(Gates& gates) {
    if (lowest_due_) {
      windows_[0].value = gates.bit_and(windows_[0].differ, windows_[0].value);
      lowest_due_ = false;
    } else if (!places_.empty()) {
      join_places(gates);
    } else {
      join_windows(gates);
    }
  }

 private:
  std::size_t left() const { return places_.empty() ? windows_.size() : places_.size(); }

  /// Nothing lies below the lowest window, so whether it differs is never asked.
  Window lowest(Gates& gates, Window high, Window low) const {
    return {gates.select(high.differ, high.value, low.value), {}};
  }

  void join_places(Gates& gates) {
    std::vector<Window> joined{lowest(gates, windows_[1], windows_[0])};
    for (std::size_t i = 2; i + 1 < places_.size(); i += 2) {
      joined.push_back(gates.join(places_[i + 1], places_[i]));
    }
    if (places_.size() % 2 == 1) joined.push_back(windows_.back());  // which `start` made
    windows_ = std::move(joined);
    places_.clear();
  }

  void join_windows(Gates& gates) {
    const bool odd = windows_.size() % 2 == 1;
    if (odd && inputs_ == Inputs::forgotten) {
      windows_.back() = {gates.copy(windows_.back().value), gates.copy(windows_.back().differ)};
    }
    std::vector<Window> joined{lowest(gates, windows_[1], windows_[0])};
    for (std::size_t i = 2; i + 1 < windows_.size(); i += 2) {
      joined.push_back(gates.join(windows_[i + 1], windows_[i]));
    }
    if (odd) joined.push_back(windows_.back());
    windows_ = std::move(joined);
  }

  std::vector<Place> places_;    // until the first level has joined them
  std::vector<Window> windows_;  // before that: those of the lowest pair and of a place left over
  Inputs inputs_ = Inputs::kept;
  bool lowest_due_ = false;
};

}  // namespace polder::rep3
