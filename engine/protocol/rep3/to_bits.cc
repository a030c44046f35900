// Numbers shared by addition into bits: add the two additive shares (additive_shares.h) with a
// circuit on their bits.
#include <algorithm>
#include <memory>

#include "base/error.h"
#include "protocol/rep3/additive_shares.h"
#include "protocol/rep3/carry_tree.h"
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

using rep3::AdditiveShares;
using rep3::Batch;
using rep3::CarryTree;
using rep3::Gates;
using rep3::Party;
using rep3::Range;
using rep3::Wire;

/// What the circuits have in common: bring the additive shares, form the lowest place's carry, then
/// levels until done.
class AddingBatch : public Batch {
 public:
  AddingBatch(Party& party, const Arith& x, std::size_t block, int width, std::uint64_t offset,
              std::size_t gates)
      : party_(party), gates_(party), block_(block) {
    const std::size_t first = block * BitShape::block_rows;
    additive_shares_.start(party, x, first, std::min(BitShape::block_rows, x.size() - first), width,
                           offset);
    gates_.start(additive_shares_.plane_words(), 1 + gates);
  }

  bool advance() final {
    switch (stage_) {
      case Stage::bring:
        additive_shares_.send(party_);
        stage_ = Stage::lowest;
        return true;
      case Stage::lowest:
        additive_shares_.receive(party_);
        propagate_ = additive_shares_.exclusive();
        if (!form_lowest()) {
          finish();
          return false;
        }
        stage_ = Stage::levels;
        return true;
      case Stage::levels:
        gates_.receive();
        if (!level()) {
          finish();
          return false;
        }
        gates_.send();
        return true;
    }
    return false;
  }

 protected:
  /// Computes the next level's gates; false when there is none.
  virtual bool level() = 0;
  virtual void finish() = 0;
  /// Of how many places, from the lowest, carries are wanted.
  virtual std::size_t places() const = 0;

  Gates& gates() { return gates_; }
  const std::vector<Wire>& propagate() const { return propagate_; }
  /// The carry that each place makes where it does not propagate (carry_tree.h).
  const std::vector<Wire>& carry() const { return carry_; }
  std::size_t block() const { return block_; }
  std::size_t plane_words() const { return additive_shares_.plane_words(); }

 private:
  enum class Stage { bring, lowest, levels };

  bool form_lowest() {
    if (places() == 0) return false;
    carry_ = additive_shares_.a();
    carry_[0] = gates_.bit_and(carry_[0], additive_shares_.b()[0]);
    carry_.resize(places());
    gates_.send();
    return true;
  }

  Party& party_;
  Gates gates_;
  AdditiveShares additive_shares_;
  std::size_t block_;
  Stage stage_ = Stage::bring;
  std::vector<Wire> carry_, propagate_;
};

void exclusive_into(Bits& to, std::size_t block, int bit, Wire x, Wire y) {
  const std::size_t n = to.shape().plane_words(block);
  rep3::xor_words(to.plane(0, block, bit).data(), x.first, y.first, n);
  rep3::xor_words(to.plane(1, block, bit).data(), x.second, y.second, n);
}

void copy_into(Bits& to, std::size_t block, int bit, Wire x) {
  const std::size_t n = to.shape().plane_words(block);
  std::copy_n(x.first, n, to.plane(0, block, bit).begin());
  std::copy_n(x.second, n, to.plane(1, block, bit).begin());
}

/// Every bit of the sum: after level k (from 0), carry[i] is the carry out of the places below i's
/// 2^(k+1)-aligned start up to i. Source: Sklansky, "Conditional-Sum Addition Logic", 1960.
class WholeSum final : public AddingBatch {
 public:
  static constexpr std::size_t gates_needed = 6 * 64;

  WholeSum(Party& party, const Arith& x, Bits& sum, std::size_t block)
      : AddingBatch(party, x, block, 64, 0, gates_needed), sum_(sum) {}

 private:
  std::size_t places() const override { return 63; }  // nobody asks for the carry out of the top

  bool level() override {
    if (span_ == 1) carry_ = carry(), through_ = propagate();
    if (span_ > 32) return false;
    std::vector<Wire> carry = carry_, through = through_;
    for (std::size_t i = 0; i < 63; ++i) {
      if ((i & span_) == 0) continue;
      const std::size_t below = (i & ~(span_ - 1)) - 1;
      carry[i] = gates().select(through_[i], carry_[below], carry_[i]);
      if (i >= 2 * span_) through[i] = gates().bit_and(through_[i], through_[below]);
    }
    carry_ = std::move(carry), through_ = std::move(through);
    span_ *= 2;
    return true;
  }

  void finish() override {
    copy_into(sum_, block(), 0, propagate()[0]);
    for (std::size_t i = 1; i < 64; ++i) {
      exclusive_into(sum_, block(), static_cast<int>(i), propagate()[i], carry_[i - 1]);
    }
  }

  Bits& sum_;
  std::size_t span_ = 1;
  std::vector<Wire> carry_, through_;
};

/// Bit i of the sum: the places' exclusive or and the carry from below.
class OneBit final : public AddingBatch {
 public:
  OneBit(Party& party, const Arith& x, int i, Bits& bit, std::size_t block)
      : AddingBatch(party, x, block, i + 1, 0, CarryTree::gates(static_cast<std::size_t>(i)) + 1),
        bit_(bit),
        i_(static_cast<std::size_t>(i)) {}

 private:
  std::size_t places() const override { return i_; }

  bool level() override {
    if (!started_) {
      tree_ = CarryTree(
          carry(), {propagate().begin(), propagate().begin() + static_cast<std::ptrdiff_t>(i_)},
          CarryTree::Lowest::starts_at_zero);
      started_ = true;
    }
    if (tree_.done()) return false;
    tree_.level(gates());
    return true;
  }

  void finish() override {
    if (i_ == 0) return copy_into(bit_, block(), 0, propagate()[0]);
    exclusive_into(bit_, block(), 0, propagate()[i_], tree_.carry());
  }

  Bits& bit_;
  std::size_t i_;
  bool started_ = false;
  CarryTree tree_;
};

/// The carries out of the low `shift` places and out of all 64.
class TwoCarries final : public AddingBatch {
 public:
  TwoCarries(Party& party, const Arith& x, int shift, Bits& carries, std::size_t block)
      : AddingBatch(party, x, block, 64, std::uint64_t{1} << 63, CarryTree::gates(64) + 2),
        carries_(carries),
        shift_(shift) {}

 private:
  std::size_t places() const override { return 64; }

  bool level() override {
    if (!started_) start();
    if (joined_) return false;
    if (low_.done() && high_.done()) {
      top_ = gates().select(high_.propagate(), low_.carry(), high_.carry());
      joined_ = true;
      return true;
    }
    if (!low_.done()) low_.level(gates());
    if (!high_.done()) high_.level(gates());
    return true;
  }

  void start() {
    const auto part = [](const std::vector<Wire>& wires, int first, int last) {
      return std::vector<Wire>(wires.begin() + first, wires.begin() + last);
    };
    low_ = CarryTree(part(carry(), 0, shift_), part(propagate(), 0, shift_),
                     CarryTree::Lowest::starts_at_zero);
    high_ = CarryTree(part(carry(), shift_, 64), part(propagate(), shift_, 64),
                      CarryTree::Lowest::has_carry_in);
    started_ = true;
  }

  void finish() override {
    copy_into(carries_, block(), 0, low_.carry());
    copy_into(carries_, block(), 1, top_);
  }

  Bits& carries_;
  int shift_;
  bool started_ = false, joined_ = false;
  CarryTree low_, high_;
  Wire top_;
};

/// carries: first the low ones, then those out of the top.
void add_carries(std::span<std::uint64_t> shifted, std::span<const std::uint64_t> carries,
                 int shift) {
  const std::size_t n = shifted.size();
  for (std::size_t i = 0; i < n; ++i) shifted[i] += carries[i] - (carries[n + i] << (64 - shift));
}

/// Of these rows: Rep3::share_shifted.
void share_shifted(Party& party, const Arith& x, int shift, Range rows, Arith& shifted) {
  const auto part = [&](auto& column, int c) {
    return column.component(c).subspan(rows.first, rows.count);
  };
  const auto x0 = part(x, 0), x1 = part(x, 1);
  const auto first = part(shifted, 0), second = part(shifted, 1);
  if (party.role() == 0) {
    party.own().share.fill(first);
    for (std::size_t i = 0; i < rows.count; ++i) {
      const std::uint64_t a = x0[i] + x1[i] + (std::uint64_t{1} << 63);
      second[i] = (a >> shift) - first[i];
    }
    party.to_next().send(bytes_of(std::span<const std::uint64_t>(second)));
  }
  if (party.role() == 1) {
    for (std::size_t i = 0; i < rows.count; ++i) second[i] = x1[i] >> shift;
    party.to_prev().receive(bytes_of(first));
  }
  if (party.role() == 2) {
    for (std::size_t i = 0; i < rows.count; ++i) first[i] = x0[i] >> shift;
    party.next().share.fill(second);
  }
}

std::uint64_t levels(int places) {
  return static_cast<std::uint64_t>(log2_ceil(static_cast<std::size_t>(places)));
}

}  // namespace

Bits Rep3::to_bits(const Arith& x) {
  Bits sum(2, x.size(), 64);
  rep3::run_batches(lanes_, sum.shape().blocks(), lanes_.schedule().blocks,
                    [&](Party& party, std::size_t block) {
                      return std::make_unique<WholeSum>(party, x, sum, block);
                    });
  lanes_.count_rounds(2 + 6);
  return sum;
}

Bits Rep3::to_bit(const Arith& x, int i) {
  require(i >= 0 && i < 64, "to_bit: a number has bits 0..63");
  Bits bit(2, x.size(), 1);
  rep3::run_batches(lanes_, bit.shape().blocks(), lanes_.schedule().blocks,
                    [&](Party& party, std::size_t block) {
                      return std::make_unique<OneBit>(party, x, i, bit, block);
                    });
  lanes_.count_rounds(i == 0 ? 1 : 2 + levels(i));
  return bit;
}

// With a = c0 + c1 + 2^63 and b = c2 (so that x + 2^63 = a + b - 2^64 top): floor(x / 2^s) is
// (a >> s) + (b >> s) + low - top 2^(64-s) - 2^(63-s), where low and top are the carries out of
// place s - 1 and out of the top. Exact, no probability and no bias. a >> s is shared by node 0 as
// its bits are; b >> s is known to nodes 1 and 2.
Arith Rep3::truncate(const Arith& x, int shift) {
  require(shift >= 0 && shift < 64, "truncate: shift outside 0..63");
  if (shift == 0) return x;
  Bits carries(2, x.size(), 2);
  rep3::run_batches(lanes_, carries.shape().blocks(), lanes_.schedule().blocks,
                    [&](Party& party, std::size_t block) {
                      return std::make_unique<TwoCarries>(party, x, shift, carries, block);
                    });
  lanes_.count_rounds(3 + levels(std::max(shift, 64 - shift)));
  const Bits low = bit(carries, 0), top = bit(carries, 1);
  const Arith both_carries = to_arith(concat({&low, &top}));
  Arith shifted = share_shifted(x, shift);
  for (int c = 0; c < 2; ++c) add_carries(shifted.component(c), both_carries.component(c), shift);
  return add(std::move(shifted), 0 - (std::uint64_t{1} << (63 - shift)));
}

Arith Rep3::share_shifted(const Arith& x, int shift) {
  Arith shifted(2, x.size());
  lanes_.split_rows(x.size(), [&](Party& party, Range rows) {
    polder::share_shifted(party, x, shift, rows, shifted);
  });
  lanes_.count_rounds(1);
  return shifted;
}

}  // namespace polder
