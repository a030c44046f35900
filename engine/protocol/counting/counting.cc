#include "protocol/counting/counting.h"

#include <algorithm>

#include "base/error.h"

namespace polder {
namespace {

constexpr std::size_t piece_words = 1 << 16;  // rep3/schedule.h
constexpr std::size_t header_bytes = 24;      // net/frame.h

std::uint64_t levels(std::size_t places) { return static_cast<std::uint64_t>(log2_ceil(places)); }
std::uint64_t levels(int places) { return levels(static_cast<std::size_t>(places)); }

/// Gates of each level of a comparison (rep3/selection_tree.h) of numbers that may be equal.
std::vector<std::size_t> comparison_gates(int width, bool may_be_equal) {
  std::vector<std::size_t> gates;
  if (may_be_equal) gates.push_back(1);
  for (auto left = static_cast<std::size_t>(width); left > 1; left = left / 2 + left % 2)
    gates.push_back(1 + 2 * (left / 2 - 1));
  return gates;
}

/// The same of a tree of carries (rep3/carry_tree.h).
struct Carries {
  std::size_t places;
  std::size_t first_propagate;  // 1 if nothing comes in from below

  std::size_t level() {
    if (places <= 1) return 0;
    const std::size_t pairs = places / 2;
    places = pairs + places % 2;
    return 2 * pairs - first_propagate;
  }
};

/// Distinct, and in an order that looks random.  Source: Steele, Lea, Flood, "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014 (its mixing function).
std::uint64_t mixed(std::uint64_t row) {
  row += 0x9e3779b97f4a7c15;
  row = (row ^ row >> 30) * 0xbf58476d1ce4e5b9;
  row = (row ^ row >> 27) * 0x94d049bb133111eb;
  return row ^ row >> 31;
}

std::size_t words_per_row(const Column& column) {
  if (const Bits* bits = std::get_if<Bits>(&column))
    return words_for_bits(static_cast<std::size_t>(bits->width()));
  if (const Rows* rows = std::get_if<Rows>(&column)) return rows->row_words();
  return 1;
}

}  // namespace

/// Columns stay as they are.
class Counting::Moves final : public Shuffle {
 public:
  Moves(Counting& mpc, std::size_t n) : mpc_(mpc), n_(n) {}
  std::vector<Column> apply(std::vector<Column> columns) override { return moved(columns); }
  std::vector<Column> invert(std::vector<Column> columns) override { return moved(columns); }

 private:
  std::vector<Column> moved(std::vector<Column>& columns) {
    std::size_t row_words = 0;
    for (const Column& column : columns) {
      require(size(column) == n_, "shuffled columns differ in length");
      row_words += words_per_row(column);
    }
    // Three legs, in each of which two nodes send whole rows.
    const std::size_t rows =
        std::max<std::size_t>(1, piece_words / std::max<std::size_t>(1, row_words));
    for (std::uint64_t& bytes : mpc_.bytes_)
      bytes += 2 * (8 * n_ * row_words + header_bytes * ceil_div(n_, rows));
    mpc_.count_rounds(3);
    return std::move(columns);
  }

  Counting& mpc_;
  std::size_t n_;
};

Costs Counting::costs() const { return {rounds_, *std::ranges::max_element(bytes_)}; }

void Counting::send_from(std::size_t role, std::size_t words) {
  bytes_[role] += 8 * words + header_bytes * ceil_div(words, piece_words);
}

void Counting::send(std::size_t words) {
  for (std::size_t role = 0; role < bytes_.size(); ++role) send_from(role, words);
}

void Counting::send_frame_from(std::size_t role, std::size_t words) {
  bytes_[role] += 8 * words + header_bytes;
}

void Counting::send_frame(std::size_t words) {
  for (std::size_t role = 0; role < bytes_.size(); ++role) send_frame_from(role, words);
}

void Counting::send_gates(std::size_t n, std::size_t gates) {
  const BitShape shape{n, 1};
  for (std::size_t block = 0; block < shape.blocks(); ++block)
    send_frame(shape.plane_words(block) * gates);
}

void Counting::send_additive_shares(std::size_t n, int width) {
  const BitShape shape{n, width};
  for (std::size_t block = 0; block < shape.blocks(); ++block)
    send_frame_from(0, shape.block_words(block));
}

Arith Counting::mul(const Arith& x, const Arith& y) {
  require(x.size() == y.size(), "mul: columns of different length");
  send(x.size());
  count_rounds(1);
  return Arith(0, x.size());
}

Arith Counting::mul_each(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) {
  require_factors(n, x, y);
  send(n * x.size());
  count_rounds(1);
  return Arith(0, n * x.size());
}

Arith Counting::mul_sum(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) {
  require_factors(n, x, y);
  send(n);
  count_rounds(1);
  return Arith(0, n);
}

Arith Counting::matmul(const Arith& x, const Arith& y, MatrixShape shape) {
  require(x.size() == shape.n * shape.k && y.size() == shape.k * shape.m,
          "matmul: sizes do not fit the shape");
  send(shape.n * shape.m);
  count_rounds(1);
  return Arith(0, shape.n * shape.m);
}

Bits Counting::bit_and(const Bits& x, const Bits& y) {
  require(x.size() == y.size() && (y.width() == x.width() || y.width() == 1),
          "both: columns of different shape");
  send(x.shape().words());
  count_rounds(1);
  return x;
}

Arith Counting::to_arith(const Bits& bit) {
  require(bit.width() == 1, "to_arith: a column of one bit is wanted");
  send(bit.size());
  count_rounds(2);
  return Arith(0, bit.size());
}

Bits Counting::to_bits(const Arith& x) {
  send_additive_shares(x.size(), 64);
  send_gates(x.size(), 1);
  for (std::size_t span = 1; span <= 32; span *= 2) {
    std::size_t gates = 0;
    for (std::size_t i = 0; i < 63; ++i) {
      if (i & span) gates += i >= 2 * span ? 2 : 1;
    }
    send_gates(x.size(), gates);
  }
  count_rounds(2 + 6);
  return Bits(0, x.size(), 64);
}

Bits Counting::to_bit(const Arith& x, int i) {
  require(i >= 0 && i < 64, "to_bit: a number has bits 0..63");
  send_additive_shares(x.size(), i + 1);
  if (i > 0) send_gates(x.size(), 1);
  for (Carries carries{static_cast<std::size_t>(i), 1}; carries.places > 1;)
    send_gates(x.size(), carries.level());
  count_rounds(i == 0 ? 1 : 2 + levels(i));
  return Bits(0, x.size(), 1);
}

Arith Counting::truncate(const Arith& x, int shift) {
  require(shift >= 0 && shift < 64, "truncate: shift outside 0..63");
  if (shift == 0) return x;
  send_additive_shares(x.size(), 64);
  send_gates(x.size(), 1);
  Carries low{static_cast<std::size_t>(shift), 1}, high{static_cast<std::size_t>(64 - shift), 0};
  while (low.places > 1 || high.places > 1) {
    const std::size_t below = low.level();
    send_gates(x.size(), below + high.level());
  }
  send_gates(x.size(), 1);  // joins the two
  count_rounds(3 + levels(std::max(shift, 64 - shift)));
  to_arith(Bits(0, 2 * x.size(), 1));
  send_frame_from(0, x.size());
  count_rounds(1);
  return x;
}

Arith Counting::truncate_probabilistic(const Arith& x, int shift) {
  require(shift >= 1 && shift <= 62, "truncate_probabilistic: shift outside 1..62");
  const std::size_t n = x.size();
  bytes_[0] += 2 * 8 * n + header_bytes * ceil_div(n, piece_words);
  for (const std::size_t role : {1, 2}) send_from(role, n);
  count_rounds(2);
  return x;
}

Arith Counting::mul_truncate_probabilistic(const Arith& x, const Arith& y, int shift) {
  require(x.size() == y.size(), "mul_truncate_probabilistic: columns of different length");
  truncate_probabilistic(x, shift);
  for (const std::size_t role : {1, 2}) send_from(role, x.size());
  return x;
}

Bits Counting::less_than(const Bits& x, const Bits& y) {
  require(x.shape() == y.shape() && x.width() > 0, "less_than: columns of different shape");
  for (const std::size_t gates : comparison_gates(x.width(), true)) send_gates(x.size(), gates);
  count_rounds(1 + levels(x.width()));
  return Bits(0, x.size(), 1);
}

Bits Counting::equal(const Bits& x, const Bits& y) {
  require(x.shape() == y.shape() && x.width() > 0, "equal: columns of different shape");
  for (int left = x.width(); left > 1; left = left / 2 + left % 2)
    send_gates(x.size(), static_cast<std::size_t>(left / 2));
  count_rounds(levels(x.width()));
  return Bits(0, x.size(), 1);
}

Bits Counting::suffix_or(const Bits& x) {
  const auto width = static_cast<std::size_t>(x.width());
  if (width <= 1) return x;
  for (std::size_t span = 1; span < width; span *= 2) {
    std::size_t gates = 0;
    for (std::size_t i = span; i < width; ++i) gates += (i & span) != 0;
    send_gates(x.size(), gates);
  }
  count_rounds(levels(width));
  return x;
}

std::unique_ptr<Shuffle> Counting::shuffle(std::size_t n) {
  return std::make_unique<Moves>(*this, n);
}

Words Counting::open(const Arith& x, Nodes) {
  send_frame(x.size());
  count_rounds(1);
  Words numbers(x.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
  return numbers;
}

PlainBits Counting::open(const Bits& x, Nodes) {
  send_frame(x.shape().words());
  count_rounds(1);
  const std::size_t row_words = words_for_bits(static_cast<std::size_t>(x.width()));
  Words numbers(x.size() * row_words, 0);
  for (std::size_t i = 0; row_words > 0 && i < x.size(); ++i) numbers[i * row_words] = i;
  return PlainBits::of_rows(numbers, x.size(), x.width());
}

void Counting::open(const Arith& x, std::span<const Portion>) {
  send(x.size());
  count_rounds(1);
}

void Counting::open(const Bits& x, std::span<const Portion>) {
  send(x.shape().words());
  count_rounds(1);
}

void Counting::open_order(const Rows& keys, int width, std::span<Inquiry* const> inquiries) {
  require(width >= 2 && width <= keys.width(),
          "open_order: a key with its row number has at least two bits");
  const std::vector<std::size_t> gates = comparison_gates(width, false);
  std::uint64_t max_steps = 0;
  Indices left, right;
  Words answers;
  for (Inquiry* inquiry : inquiries) {
    std::uint64_t steps = 0;
    for (; inquiry->ask(left, right); ++steps) {
      answers.assign(words_for_bits(left.size()), 0);
      for (std::size_t i = 0; i < left.size(); ++i) {
        answers[i / 64] |= std::uint64_t{mixed(left[i]) < mixed(right[i])} << i % 64;
      }
      for (const std::size_t level : gates) send_frame(answers.size() * level);
      send_frame(answers.size());  // the last one goes to both neighbours
      inquiry->hear(answers);
    }
    max_steps = std::max(max_steps, steps);
  }
  count_rounds(max_steps * levels(width));
}

}  // namespace polder
