// Comparisons of whole columns, a block of rows at a time through the circuit.
#include <memory>

#include "base/error.h"
#include "protocol/rep3/rep3.h"
#include "protocol/rep3/selection_tree.h"

namespace polder {
namespace {

using rep3::Batch;
using rep3::Gates;
using rep3::Party;
using rep3::Place;
using rep3::SelectionTree;
using rep3::Wire;

Wire wire_of(const Bits& x, std::size_t block, int bit) {
  return {x.plane(0, block, bit).data(), x.plane(1, block, bit).data()};
}

std::vector<Place> places_of(const Bits& x, const Bits& y, std::size_t block) {
  std::vector<Place> places;
  for (int i = 0; i < x.width(); ++i) {
    places.push_back({wire_of(x, block, i), wire_of(y, block, i)});
  }
  return places;
}

void store(Wire answer, Bits& to, std::size_t block) {
  const std::size_t n = to.shape().plane_words(block);
  std::copy_n(answer.first, n, to.plane(0, block, 0).begin());
  std::copy_n(answer.second, n, to.plane(1, block, 0).begin());
}

class LessThan final : public Batch {
 public:
  LessThan(Party& party, const Bits& x, const Bits& y, Bits& below, std::size_t block)
      : gates_(party), below_(below), block_(block) {
    gates_.start(x.shape().plane_words(block), SelectionTree::gates(x.width()));
    tree_.start(gates_, places_of(x, y, block), SelectionTree::Rows::any);
  }

  bool advance() override {
    if (sent_) gates_.receive();
    if (tree_.done()) {
      store(tree_.answer(), below_, block_);
      return false;
    }
    tree_.level(gates_);
    gates_.send();
    return sent_ = true;
  }

 private:
  Gates gates_;
  SelectionTree tree_;
  Bits& below_;
  std::size_t block_;
  bool sent_ = false;
};

class Unequal final : public Batch {
 public:
  Unequal(Party& party, const Bits& x, const Bits& y, Bits& unequal, std::size_t block)
      : gates_(party), places_(places_of(x, y, block)), unequal_(unequal), block_(block) {
    gates_.start(x.shape().plane_words(block), static_cast<std::size_t>(x.width()) + 1);
    if (x.width() % 2 == 1) left_over_ = gates_.exclusive(places_.back().x, places_.back().y);
    if (x.width() == 1) join_places();
  }

  bool advance() override {
    if (sent_) gates_.receive();
    if (places_.empty() && differ_.size() == 1) {
      store(differ_[0], unequal_, block_);
      return false;
    }
    if (!places_.empty()) {
      join_places();
    } else {
      join();
    }
    gates_.send();
    return sent_ = true;
  }

 private:
  void join_places() {
    for (std::size_t i = 0; i + 1 < places_.size(); i += 2) {
      differ_.push_back(gates_.unequal(places_[i], places_[i + 1]));
    }
    if (places_.size() % 2 == 1) differ_.push_back(left_over_);
    places_.clear();
  }

  void join() {
    std::vector<Wire> joined;
    for (std::size_t i = 0; i + 1 < differ_.size(); i += 2) {
      joined.push_back(gates_.bit_or(differ_[i], differ_[i + 1]));
    }
    if (differ_.size() % 2 == 1) joined.push_back(differ_.back());
    differ_ = std::move(joined);
  }

  Gates gates_;
  std::vector<Place> places_;  // until the first level has joined them
  Wire left_over_;             // of an odd number of places
  std::vector<Wire> differ_;
  Bits& unequal_;
  std::size_t block_;
  bool sent_ = false;
};

}  // namespace

Bits Rep3::less_than(const Bits& x, const Bits& y) {
  require(x.shape() == y.shape() && x.width() > 0, "less_than: columns of different shape");
  Bits below(2, x.size(), 1);
  rep3::run_batches(lanes_, x.shape().blocks(), lanes_.schedule().blocks,
                    [&](Party& party, std::size_t block) {
                      return std::make_unique<LessThan>(party, x, y, below, block);
                    });
  lanes_.count_rounds(1 +
                      static_cast<std::uint64_t>(log2_ceil(static_cast<std::size_t>(x.width()))));
  return below;
}

Bits Rep3::equal(const Bits& x, const Bits& y) {
  require(x.shape() == y.shape() && x.width() > 0, "equal: columns of different shape");
  Bits unequal(2, x.size(), 1);
  rep3::run_batches(lanes_, x.shape().blocks(), lanes_.schedule().blocks,
                    [&](Party& party, std::size_t block) {
                      return std::make_unique<Unequal>(party, x, y, unequal, block);
                    });
  lanes_.count_rounds(static_cast<std::uint64_t>(log2_ceil(static_cast<std::size_t>(x.width()))));
  return bit_not(unequal);
}

}  // namespace polder
