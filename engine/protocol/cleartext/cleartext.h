// The operators on plain values, one component, one party: for tests and dry runs, never linked
// into the node. It is not the oracle of any test.
#pragma once

#include "crypto/stream.h"
#include "protocol/protocol.h"

namespace polder {

class Cleartext final : public Protocol {
 public:
  Cleartext(Key key, Outbox& outbox) : stream_(std::move(key)), outbox_(outbox) {}

  std::string_view name() const override { return "cleartext"; }
  int components() const override { return 1; }
  Costs costs() const override { return {}; }
  Workers& workers() override { return workers_; }

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
  std::unique_ptr<Shuffle> shuffle(std::size_t n) override;
  using Protocol::open;
  Words open(const Arith& x, Nodes) override;
  PlainBits open(const Bits& x, Nodes) override;
  void open(const Arith& x, std::span<const Portion> to) override;
  void open(const Bits& x, std::span<const Portion> to) override;

 private:
  Workers workers_{1};
  Stream stream_;
  Outbox& outbox_;
};

}  // namespace polder
