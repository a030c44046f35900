// Running ors over the bits of a row, a block of rows at a time: at the level of `span`, every
// place that has not looked further takes in what its neighbour towards the top has gathered.
// Source: Sklansky, "Conditional-Sum Addition Logic", 1960 (the tree).
#include <algorithm>
#include <memory>

#include "protocol/rep3/gates.h"
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

using rep3::Gates;
using rep3::Party;
using rep3::Wire;

class SuffixOr final : public rep3::Batch {
 public:
  SuffixOr(Party& party, const Bits& x, Bits& set, std::size_t block)
      : gates_(party), set_(set), block_(block) {
    const auto width = static_cast<std::size_t>(x.width());
    const auto levels = static_cast<std::size_t>(log2_ceil(width));
    gates_.start(x.shape().plane_words(block), levels * ((width + 1) / 2));
    for (int i = x.width() - 1; i >= 0; --i)
      from_top_.push_back({x.plane(0, block, i).data(), x.plane(1, block, i).data()});
  }

  bool advance() override {
    if (span_ > 1) gates_.receive();
    if (span_ >= from_top_.size()) {
      store();
      return false;
    }
    level();
    gates_.send();
    span_ *= 2;
    return true;
  }

 private:
  void level() {
    for (std::size_t i = span_; i < from_top_.size(); ++i) {
      if ((i & span_) == 0) continue;
      from_top_[i] = gates_.bit_or(from_top_[i], from_top_[(i & ~(span_ - 1)) - 1]);
    }
  }

  void store() {
    const std::size_t n = set_.shape().plane_words(block_);
    for (std::size_t i = 0; i < from_top_.size(); ++i) {
      const int place = set_.width() - 1 - static_cast<int>(i);
      std::copy_n(from_top_[i].first, n, set_.plane(0, block_, place).begin());
      std::copy_n(from_top_[i].second, n, set_.plane(1, block_, place).begin());
    }
  }

  Gates gates_;
  Bits& set_;
  std::size_t block_;
  std::vector<Wire> from_top_;
  std::size_t span_ = 1;
};

}  // namespace

Bits Rep3::suffix_or(const Bits& x) {
  if (x.width() <= 1) return x;
  Bits set(2, x.size(), x.width());
  rep3::run_batches(lanes_, x.shape().blocks(), lanes_.schedule().blocks,
                    [&](Party& party, std::size_t block) {
                      return std::make_unique<SuffixOr>(party, x, set, block);
                    });
  lanes_.count_rounds(static_cast<std::uint64_t>(log2_ceil(static_cast<std::size_t>(x.width()))));
  return set;
}

}  // namespace polder
