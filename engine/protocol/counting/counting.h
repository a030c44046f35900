// The operators on sizes alone: columns have no components, and every call adds up what rep3 sends
// for it, frame by frame, on one lane in a LAN. What a run costs is found out by running
// it here, in milliseconds. What is opened to the nodes is row numbers, which serve as the random
// orders that operators open; comparisons of `open_order` are answered as
// if row i held a number mixed from i, so for parts of the rows alike.
#pragma once

#include <array>

#include "protocol/protocol.h"

namespace polder {

class Counting final : public Protocol {
 public:
  std::string_view name() const override { return "counting"; }
  int components() const override { return 0; }
  /// Bytes of the node that sends most.
  Costs costs() const override;
  /// Of one node.
  Costs costs(int role) const { return {rounds_, bytes_[static_cast<std::size_t>(role)]}; }
  double rows_per_round() const override { return 200; }
  Workers& workers() override { return workers_; }

  using Protocol::constant;
  Arith constant(std::span<const std::uint64_t> values) override { return Arith(0, values.size()); }
  Bits constant(const PlainBits& values) override { return Bits(0, values.size(), values.width()); }
  Bits bit_not(const Bits& x) override { return x; }
  Arith random(std::size_t n) override { return Arith(0, n); }
  Bits random_bits(std::size_t n, int width) override { return Bits(0, n, width); }
  Arith add(Arith x, std::uint64_t) override { return x; }

  Arith mul(const Arith& x, const Arith& y) override;
  using Protocol::mul_each;
  using Protocol::mul_sum;
  Arith mul_each(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) override;
  Arith mul_sum(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) override;
  Arith matmul(const Arith& x, const Arith& y, MatrixShape shape) override;
  Bits bit_and(const Bits& x, const Bits& y) override;

  Arith to_arith(const Bits& bit) override;
  Bits to_bits(const Arith& x) override;
  Bits to_bit(const Arith& x, int i) override;
  Arith truncate(const Arith& x, int shift) override;
  Arith truncate_probabilistic(const Arith& x, int shift) override;
  Arith mul_truncate_probabilistic(const Arith& x, const Arith& y, int shift) override;

  Bits less_than(const Bits& x, const Bits& y) override;
  Bits equal(const Bits& x, const Bits& y) override;
  Bits suffix_or(const Bits& x) override;

  std::unique_ptr<Shuffle> shuffle(std::size_t n) override;

  using Protocol::open;
  Words open(const Arith& x, Nodes) override;
  PlainBits open(const Bits& x, Nodes) override;
  void open(const Arith& x, std::span<const Portion> to) override;
  void open(const Bits& x, std::span<const Portion> to) override;
  void open_order(const Rows& keys, int width, std::span<Inquiry* const> inquiries) override;

 private:
  class Moves;

  void count_rounds(std::uint64_t rounds) { rounds_ += rounds; }
  /// Words that every node sends, or one, in frames of pieces.
  void send(std::size_t words);
  void send_from(std::size_t role, std::size_t words);
  /// One frame.
  void send_frame(std::size_t words);
  void send_frame_from(std::size_t role, std::size_t words);
  /// One frame a block of rows, of so many gates.
  void send_gates(std::size_t n, std::size_t gates);
  /// Node 0's bits of an additive share, and the lowest place's carry.
  void send_additive_shares(std::size_t n, int width);

  Workers workers_{1};
  std::uint64_t rounds_ = 0;
  std::array<std::uint64_t, 3> bytes_{};
};

}  // namespace polder
