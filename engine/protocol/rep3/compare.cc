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
using rep3::SelectionTree;
using rep3::Wire;

Wire wire_of(const Bits& x, std::size_t block, int bit) {
  return {x.plane(0, block, bit).data(), x.plane(1, block, bit).data()};
}

/// Bits where x and y differ, in the batch's memory.
std::vector<Wire> differences(Gates& gates, const Bits& x, const Bits& y, std::size_t block) {
  std::vector<Wire> differ;
  for (int i = 0; i < x.width(); ++i) {
    differ.push_back(gates.exclusive(wire_of(x, block, i), wire_of(y, block, i)));
  }
  return differ;
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
    gates_.start(x.shape().plane_words(block),
                 static_cast<std::size_t>(x.width()) + SelectionTree::gates(x.width()));
    std::vector<Wire> value;
    for (int i = 0; i < y.width(); ++i) value.push_back(wire_of(y, block, i));
    tree_.start(std::move(value), differences(gates_, x, y, block), false);
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
      : gates_(party), unequal_(unequal), block_(block) {
    gates_.start(x.shape().plane_words(block), 2 * static_cast<std::size_t>(x.width()));
    differ_ = differences(gates_, x, y, block);
  }

  bool advance() override {
    if (sent_) gates_.receive();
    if (differ_.size() == 1) {
      store(differ_[0], unequal_, block_);
      return false;
    }
    const std::size_t pairs = differ_.size() / 2, odd = differ_.size() % 2;
    for (std::size_t p = 0; p < pairs; ++p)
      differ_[p] = gates_.either(differ_[2 * p], differ_[2 * p + 1]);
    if (odd == 1) differ_[pairs] = differ_.back();
    differ_.resize(pairs + odd);
    gates_.send();
    return sent_ = true;
  }

 private:
  Gates gates_;
  std::vector<Wire> differ_;
  Bits& unequal_;
  std::size_t block_;
  bool sent_ = false;
};

}  // namespace

Bits Rep3::less_than(const Bits& x, const Bits& y) {
  require(x.shape() == y.shape() && x.width() > 0, "less_than: columns of different shape");
  Bits below(2, x.size(), 1);
  rep3::run_batches(party_, x.shape().blocks(), [&](std::size_t block) {
    return std::make_unique<LessThan>(party_, x, y, below, block);
  });
  party_.count_rounds(1 +
                      static_cast<std::uint64_t>(log2_ceil(static_cast<std::size_t>(x.width()))));
  return below;
}

Bits Rep3::equal(const Bits& x, const Bits& y) {
  require(x.shape() == y.shape() && x.width() > 0, "equal: columns of different shape");
  Bits unequal(2, x.size(), 1);
  rep3::run_batches(party_, x.shape().blocks(), [&](std::size_t block) {
    return std::make_unique<Unequal>(party_, x, y, unequal, block);
  });
  party_.count_rounds(static_cast<std::uint64_t>(log2_ceil(static_cast<std::size_t>(x.width()))));
  return invert(unequal);
}

}  // namespace polder
