#include "protocol/protocol.h"

#include <algorithm>
#include <array>

#include "base/error.h"

namespace polder {
namespace {

/// Bits first, first + 2 … of every row.
Bits alternate_bits(const Bits& x, int first, int count) {
  Bits part(x.components(), x.size(), count);
  for (int c = 0; c < x.components(); ++c) {
    for (std::size_t b = 0; b < x.shape().blocks(); ++b) {
      for (int i = 0; i < count; ++i) {
        std::ranges::copy(x.plane(c, b, first + 2 * i), part.plane(c, b, i).begin());
      }
    }
  }
  return part;
}

}  // namespace

void require_factors(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) {
  require(x.size() == y.size() && !x.empty(), "as many factors on both sides are wanted");
  for (std::size_t k = 0; k < x.size(); ++k) {
    require(x[k].first + n <= x[k].x->size() && y[k].first + n <= y[k].x->size(),
            "a factor has too few rows");
  }
}

Arith Protocol::constant(std::size_t n, std::uint64_t value) { return constant(Words(n, value)); }

Bits Protocol::constant(std::size_t n, int width, std::uint64_t value) {
  require(width <= 64, "a constant of more than 64 bits a row");
  PlainBits plain(n, width);
  const BitShape& shape = plain.shape();
  for (std::size_t b = 0; b < shape.blocks(); ++b) {
    for (int i = 0; i < width; ++i) {
      const auto plane = plain.words().subspan(shape.plane_offset(b, i), shape.plane_words(b));
      std::ranges::fill(plane, value >> i & 1 ? ~std::uint64_t{0} : 0);
    }
  }
  return constant(plain);
}

Bits Protocol::less_than(const Bits& x, const Bits& y) {
  require(x.shape() == y.shape() && x.width() > 0, "less_than: columns of different shape");
  Bits differ = x ^ y;
  // One bit's answer is y where the two differ. At the lowest bit nothing further decides, so there
  // it must be 0 where they agree; above, the answer of lower bits is taken instead.
  Bits below = y;
  const Bits lowest = bit_and(bit(differ, 0), bit(y, 0));
  for (int c = 0; c < below.components(); ++c) {
    for (std::size_t b = 0; b < below.shape().blocks(); ++b) {
      std::ranges::copy(lowest.plane(c, b, 0), below.plane(c, b, 0).begin());
    }
  }
  while (below.width() > 1) {
    const int pairs = below.width() / 2, odd = below.width() % 2;
    const Bits low = alternate_bits(below, 0, pairs), high = alternate_bits(below, 1, pairs);
    const Bits low_differ = alternate_bits(differ, 0, pairs);
    const Bits high_differ = alternate_bits(differ, 1, pairs);
    const Bits change = high ^ low, either = low_differ ^ high_differ;
    const Bits products =
        bit_and(join_bits({&high_differ, &high_differ}), join_bits({&change, &low_differ}));
    const Bits decided = low ^ bits(products, 0, pairs),
               differs = either ^ bits(products, pairs, pairs);
    const Bits below_top = bits(below, 2 * pairs, odd), differ_top = bits(differ, 2 * pairs, odd);
    below = join_bits({&decided, &below_top});
    differ = join_bits({&differs, &differ_top});
  }
  return below;
}

Bits Protocol::equal(const Bits& x, const Bits& y) {
  require(x.shape() == y.shape() && x.width() > 0, "equal: columns of different shape");
  Bits differ = x ^ y;
  while (differ.width() > 1) {
    const int pairs = differ.width() / 2;
    const Bits low = alternate_bits(differ, 0, pairs), high = alternate_bits(differ, 1, pairs);
    const Bits either = low ^ high ^ bit_and(low, high);
    const Bits top = bits(differ, 2 * pairs, differ.width() % 2);
    differ = join_bits({&either, &top});
  }
  return bit_not(differ);
}

Bits Protocol::suffix_or(const Bits& x) {
  Bits set = x;
  for (int reach = 1; reach < x.width(); reach *= 2) {
    const int count = x.width() - reach;
    const Bits low = bits(set, 0, count), above = bits(set, reach, count);
    const Bits joined = low ^ above ^ bit_and(low, above), top = bits(set, count, reach);
    set = join_bits({&joined, &top});
  }
  return set;
}

Arith Protocol::mul_truncate_probabilistic(const Arith& x, const Arith& y, int shift) {
  return truncate_probabilistic(mul(x, y), shift);
}

// The whole column is the one portion; what it reveals, and why it may, stands at the call.
void Protocol::open(const Arith& x, const Recipient& to) {
  open(x, std::array{Portion{to, 0, x.size()}});
}
void Protocol::open(const Bits& x, const Recipient& to) {
  open(x, std::array{Portion{to, 0, x.size()}});
}

void Protocol::open_order(const Rows& keys, int width, std::span<Inquiry* const> inquiries) {
  Indices left, right;
  for (Inquiry* inquiry : inquiries) {
    while (inquiry->ask(left, right)) {
      const Bits x = gather_bits(workers(), keys, left, 0, width);
      const Bits y = gather_bits(workers(), keys, right, 0, width);
      const Bits below = less_than(x, y);
      // Safe: the keys are distinct and in a random order nobody knows (the caller's promise), so
      // the answers are those of a uniformly random permutation.
      inquiry->hear(open(below, all_nodes).words());
    }
  }
}

Costs cost_of(Protocol& mpc, const std::function<void()>& work) {
  const Costs before = mpc.costs();
  work();
  const Costs after = mpc.costs();
  return {after.rounds - before.rounds, after.bytes_sent - before.bytes_sent};
}

}  // namespace polder
