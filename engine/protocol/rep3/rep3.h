// Replicated secret sharing among three nodes, semi-honest, at most one of them corrupt.
// Node i holds components i and i + 1 of x = c0 + c1 + c2 (mod 2^64), or c0 ^ c1 ^ c2. A product
// costs one word a node: component i of the answer is computed at node i, hidden by a fresh share
// of zero, and sent to node i - 1. Source: Araki, Furukawa, Lindell, Nof, Ohara, "High-Throughput
// Semi-Honest Secure Three-Party Computation with an Honest Majority", CCS 2016. What is seen and
// why it is safe: docs/protocols/rep3.md.
#pragma once

#include <array>

#include "protocol/protocol.h"
#include "protocol/rep3/lanes.h"

namespace polder {

class Rep3 final : public Protocol {
 public:
  /// One mesh a lane. `own`: the key shared with the previous node, `next`: with the next node;
  /// both used for nothing else.
  Rep3(std::span<Mesh* const> lanes, const Key& own, const Key& next, Outbox& outbox)
      : lanes_(lanes, own, next), outbox_(outbox) {}
  /// On one lane.
  Rep3(Mesh& mesh, const Key& own, const Key& next, Outbox& outbox)
      : Rep3(std::array{&mesh}, own, next, outbox) {}

  std::string_view name() const override { return "rep3"; }
  int components() const override { return 2; }
  Costs costs() const override { return lanes_.costs(); }
  double rows_per_round() const override { return lanes_.schedule().rows_per_round; }
  std::size_t min_inquiries() const override { return lanes_.schedule().inquiries.starts; }
  Workers& workers() override { return lanes_.workers(); }
  void set_schedule(const rep3::Schedule& schedule) { lanes_.set_schedule(schedule); }

  using Protocol::constant;
  Arith constant(std::span<const std::uint64_t> values) override;
  Bits constant(const PlainBits& values) override;
  Bits bit_not(const Bits& x) override;
  Arith random(std::size_t n) override;
  Bits random_bits(std::size_t n, int width) override;

  Arith add(Arith x, std::uint64_t value) override;
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
  /// Of x + 2^63 = a + b: (a >> shift) + (b >> shift), the part of a truncation that needs no
  /// carry.  1 round.
  Arith share_shifted(const Arith& x, int shift);

  rep3::Lanes lanes_;
  Outbox& outbox_;
};

}  // namespace polder
