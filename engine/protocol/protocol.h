// What a protocol for secret columns offers. One virtual call a whole column; defaults compose the
// rest, and a protocol overrides what it can do better. Operators (ops/, match/ …) know this class
// and share.h, and no protocol by name.
//
// All parties make the same calls in the same order with the same public sizes. Only `open` and
// `open_order` yield plaintext.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/share.h"

namespace polder {

/// Who learns an opened value: every compute node …
struct Nodes {};
inline constexpr Nodes all_nodes{};
/// … or one party outside, to whom the shares are sealed under a label of the result.
struct Recipient {
  std::string name;
  std::string label;
};

/// Rows first .. first + count of an opened column, and which party outside learns them.
struct Portion {
  Recipient to;
  std::size_t first, count;
};

/// Where a node's shares of a result for `to` go; the caller of the run seals and keeps them.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void deliver(const Recipient& to, const Arith& shares) = 0;
  virtual void deliver(const Recipient& to, const Bits& shares) = 0;
};

/// Each portion of x to its recipient, and nothing of the rows beside it (a slice ends in zeros).
template <typename Shares>
void deliver(Outbox& outbox, const Shares& x, std::span<const Portion> portions) {
  for (const auto& [to, first, count] : portions) outbox.deliver(to, slice(x, first, count));
}

struct Costs {
  std::uint64_t rounds = 0;
  std::uint64_t bytes_sent = 0;  // by this party
};

/// A secret, uniformly random order of n rows that no party knows, to be used on columns and taken
/// back.
class Shuffle {
 public:
  virtual ~Shuffle() = default;
  virtual std::vector<Column> apply(std::vector<Column> columns) = 0;
  virtual std::vector<Column> invert(std::vector<Column> columns) = 0;
};

/// Questions about the order of rows in which each step may depend on the last one's answers.
/// Several inquiries of one call may be asked at once on different threads.
class Inquiry {
 public:
  virtual ~Inquiry() = default;
  /// Fills the next pairs of row numbers; false if there are none left.
  virtual bool ask(Indices& left, Indices& right) = 0;
  /// Bit i: row left[i] is below row right[i].
  virtual void hear(std::span<const std::uint64_t> answers) = 0;
};

/// Rows first, first + 1 ... of a column, as factors of products: a part is used where it lies.
struct Factor {
  const Arith* x;
  std::size_t first = 0;
};
/// Throws unless x and y are as many, each with n rows from its first.
void require_factors(std::size_t n, std::span<const Factor> x, std::span<const Factor> y);

/// Sizes of a matrix product [n, k] x [k, m].
struct MatrixShape {
  std::size_t n, k, m;
};

class Protocol {
 public:
  virtual ~Protocol() = default;

  virtual std::string_view name() const = 0;
  /// Components of every column of this protocol.
  virtual int components() const = 0;
  virtual Costs costs() const = 0;
  /// About as many compared rows cost what a round's one-way latency costs on these lines, the same
  /// at all nodes: with fewer at once, more comparisons in fewer steps are faster.
  virtual double rows_per_round() const { return 0; }
  /// Into so many inquiries at least a call of `open_order` is best split.
  virtual std::size_t min_inquiries() const { return 1; }
  /// The threads of this node's side of the run, for large work on columns between two calls.
  virtual Workers& workers() = 0;

  // Public values as columns. No rounds.
  virtual Arith constant(std::span<const std::uint64_t> values) = 0;
  virtual Bits constant(const PlainBits& values) = 0;
  Arith constant(std::size_t n, std::uint64_t value);
  /// Every row `value`, of `width` <= 64 bits.
  Bits constant(std::size_t n, int width, std::uint64_t value);
  /// All bits turned over.
  virtual Bits bit_not(const Bits& x) = 0;

  // Values that no party knows. No rounds.
  virtual Arith random(std::size_t n) = 0;
  virtual Bits random_bits(std::size_t n, int width) = 0;

  /// x + value mod 2^64, value public.  [n] -> [n].  No rounds.  Reveals nothing.
  virtual Arith add(Arith x, std::uint64_t value) = 0;

  /// x * y mod 2^64, row by row.  [n], [n] -> [n].  1 round, 8 B.  Reveals nothing.
  virtual Arith mul(const Arith& x, const Arith& y) = 0;
  /// Several products at once, one after the other: rows k n .. k n + n are x[k] * y[k].  k times n
  /// rows -> [k n].  1 round, 8 B a product.  Reveals nothing.
  virtual Arith mul_each(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) = 0;
  /// x[0] * y[0] + x[1] * y[1] + ... mod 2^64, row by row.  k times n rows -> [n].  1 round, 8 B
  /// for all k.  Reveals nothing.
  virtual Arith mul_sum(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) = 0;
  using Factors = std::initializer_list<Factor>;
  Arith mul_each(std::size_t n, Factors x, Factors y) {
    return mul_each(n, std::span(x.begin(), x.size()), std::span(y.begin(), y.size()));
  }
  Arith mul_sum(std::size_t n, Factors x, Factors y) {
    return mul_sum(n, std::span(x.begin(), x.size()), std::span(y.begin(), y.size()));
  }
  /// Matrix product mod 2^64, row-major.  [n k], [k m] -> [n m].  1 round, 8 B an entry of the
  /// answer.  Reveals nothing.
  virtual Arith matmul(const Arith& x, const Arith& y, MatrixShape shape) = 0;
  /// x and y, bit by bit; y has the width of x, or one bit a row that serves all.  1 round, 1 bit a
  /// bit.  Reveals nothing.
  virtual Bits bit_and(const Bits& x, const Bits& y) = 0;

  /// One bit a row as a number 0 or 1.  [n] of 1 -> [n].  2 rounds, 8 B.  Reveals nothing.
  virtual Arith to_arith(const Bits& bit) = 0;
  /// All 64 bits.  [n] -> [n] of 64.  8 rounds.  Reveals nothing.
  virtual Bits to_bits(const Arith& x) = 0;
  /// Only bit i.  [n] -> [n] of 1.  Up to 8 rounds.  Reveals nothing.
  virtual Bits to_bit(const Arith& x, int i) = 0;
  /// floor(x / 2^shift), exact, x as a signed number.  [n] -> [n].  Reveals nothing.
  virtual Arith truncate(const Arith& x, int shift) = 0;
  /// floor(x / 2^shift) or one less, where -2^62 <= x < 2^62; shift 1..62.  [n] -> [n].  2 rounds,
  /// 11 B: a third of `truncate`. Reveals nothing, but whether it is one less depends on the
  /// shares of x: only for steps on the way to an answer that is put right exactly before anybody
  /// learns it.
  virtual Arith truncate_probabilistic(const Arith& x, int shift) = 0;
  /// truncate_probabilistic(x * y), the product within that range.  [n], [n] -> [n].  2 rounds, 16
  /// B. Reveals nothing; to be used as truncate_probabilistic.
  virtual Arith mul_truncate_probabilistic(const Arith& x, const Arith& y, int shift);

  /// x < y as unsigned numbers.  [n] of w, [n] of w -> [n] of 1.  1 + ceil(log2 w) rounds, ~2 w
  /// bits.  Reveals nothing.
  virtual Bits less_than(const Bits& x, const Bits& y);
  /// x = y.  [n] of w, [n] of w -> [n] of 1.  ceil(log2 w) rounds, w - 1 bits.  Reveals nothing.
  virtual Bits equal(const Bits& x, const Bits& y);
  /// Bit i becomes the or of bits i .. w - 1.  [n] of w -> [n] of w.  ceil(log2 w) rounds, about
  /// w log2 w / 2 bits.  Reveals nothing.
  virtual Bits suffix_or(const Bits& x);

  /// A fresh secret order of n rows; applying or inverting it: 3 rounds, 2 words a row and word.
  /// Reveals nothing.
  virtual std::unique_ptr<Shuffle> shuffle(std::size_t n) = 0;

  /// x in the clear.  [n] -> [n].  1 round, for however many recipients.  Reveals x to `all_nodes`,
  /// or to each recipient its rows alone (the shares are refreshed, so a recipient sees nothing of
  /// how x was computed). Rows may go to several recipients.
  virtual Words open(const Arith& x, Nodes) = 0;
  virtual PlainBits open(const Bits& x, Nodes) = 0;
  virtual void open(const Arith& x, std::span<const Portion> to) = 0;
  virtual void open(const Bits& x, std::span<const Portion> to) = 0;
  void open(const Arith& x, const Recipient& to);
  void open(const Bits& x, const Recipient& to);

  /// Answers the inquiries about `keys`, several in flight: [key left < key right], unsigned, to
  /// every node. Only for keys that are pairwise distinct and in an order nobody knows (just
  /// shuffled together with their old row number): then the answers are those of a uniformly random
  /// permutation, whatever the keys. ceil(log2 w) rounds a step. A question never compares a row
  /// with itself.
  virtual void open_order(const Rows& keys, int width, std::span<Inquiry* const> inquiries);

  /// Verifies all that was computed so far; a semi-honest protocol has nothing to verify.
  virtual void check() {}
};

/// Rounds and bytes that `work` took.
Costs cost_of(Protocol& mpc, const std::function<void()>& work);

}  // namespace polder
