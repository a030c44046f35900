#include "match/quorum/counts.h"

namespace polder::quorum {
namespace {

// With the requester's bits a, w and the bank's b, v, equality is e = a ^ b and the flag g = w ^ v,
// so
//   e   = b + (1 - 2b) a
//   e g = b v + (1 - 2b) v a + b (1 - 2v) w + (1 - 2b)(1 - 2v) a w:
// sums of products of a number of the bank's and a bit of the requester's.
struct Shape {
  int choices;  // the requester's bits a, or a, w, a w
  std::size_t products;
};
Shape shape(bool flags) { return flags ? Shape{3, 4} : Shape{1, 1}; }

/// Two numbers from each key of an OT.
class Masks {
 public:
  explicit Masks(Blocks keys) : keys_(std::move(keys)), spares_(hash()(keys_)) {}

  Element low(std::size_t i) const { return Element::of_random(keys_[i].low, spares_[i].low); }
  Element high(std::size_t i) const { return Element::of_random(keys_[i].high, spares_[i].high); }

 private:
  static const BlockHash& hash() {
    static const BlockHash hash({'p', 'o', 'l', 'd', 'e', 'r', ' ', 's', 'p', 'a', 'r', 'e', 's'});
    return hash;
  }

  const Blocks keys_, spares_;
};

/// The bank's share of number * bit is minus the key of bit 0; this takes the requester, if its bit
/// is 1, from the other key to its share.
Element correction(Element zero, Element one, Element number) { return zero - one + number; }

Element sign(std::uint64_t bit) { return Element{1} - Element::of(2 * bit); }

Element where(std::uint64_t bit, Element number) { return {number.value & (0 - bit)}; }

}  // namespace

CountsRequester::CountsRequester(Channel& bank, RequesterOts& ots, BinBits bits)
    : bank_(bank), bits_(std::move(bits)) {
  const bool flags = !bits_.flag.empty();
  Words choices(bits_.equal.size());
  for (std::size_t j = 0; j < choices.size(); ++j) {
    choices[j] = bits_.equal[j];
    if (flags) choices[j] |= bits_.flag[j] << 1 | (bits_.equal[j] & bits_.flag[j]) << 2;
  }
  keys_ = ots.choose(bank_, choices, shape(flags).choices);
}

Counts CountsRequester::finish() {
  const std::size_t n = bits_.equal.size();
  const bool flags = !bits_.flag.empty();
  Elements corrections(n * shape(flags).products);
  bank_.receive(writable_bytes_of(corrections));
  check_received(corrections);

  const Masks masks(std::move(keys_));
  Counts counts{Elements(n), Elements(flags ? n : 0)};
  for (std::size_t j = 0; j < n; ++j) {
    const std::uint64_t a = bits_.equal[j];
    if (!flags) {
      counts.held[j] = masks.low(j) + where(a, corrections[j]);
      continue;
    }
    const std::uint64_t w = bits_.flag[j];
    const Element* c = corrections.data() + 4 * j;
    const std::size_t k = 3 * j;
    counts.held[j] = masks.low(k) + where(a, c[0]);
    counts.flagged[j] = masks.high(k) + where(a, c[1]) + masks.low(k + 1) + where(w, c[2]) +
                        masks.low(k + 2) + where(a & w, c[3]);
  }
  return counts;
}

Counts counts_at_bank(Channel& requester, BankOts& ots, const BinBits& bits) {
  const std::size_t n = bits.equal.size();
  const bool flags = !bits.flag.empty();
  const Shape s = shape(flags);
  BothKeys keys = ots.receive_choices(requester, n, s.choices);
  const Masks zero(std::move(keys.zero)), one(std::move(keys.one));
  Elements corrections(n * s.products);
  Counts counts{Elements(n), Elements(flags ? n : 0)};
  for (std::size_t j = 0; j < n; ++j) {
    const Element b = Element::of(bits.equal[j]), b_sign = sign(bits.equal[j]);
    const std::size_t k = j * static_cast<std::size_t>(s.choices);
    Element* c = corrections.data() + j * s.products;
    c[0] = correction(zero.low(k), one.low(k), b_sign);
    counts.held[j] = b - zero.low(k);
    if (!flags) continue;
    const Element v = Element::of(bits.flag[j]), v_sign = sign(bits.flag[j]);
    c[1] = correction(zero.high(k), one.high(k), b_sign * v);
    c[2] = correction(zero.low(k + 1), one.low(k + 1), b * v_sign);
    c[3] = correction(zero.low(k + 2), one.low(k + 2), b_sign * v_sign);
    counts.flagged[j] = b * v - zero.high(k) - zero.low(k + 1) - zero.low(k + 2);
  }
  requester.send(bytes_of(corrections));
  return counts;
}

}  // namespace polder::quorum
