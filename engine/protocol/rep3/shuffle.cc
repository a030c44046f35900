// A secret order of rows: three legs, each a uniformly random permutation that two nodes know; the
// third gets its new components from the streams it shares with each of them, so it learns nothing,
// and no node knows all three. Rows travel whole. Source: Laur, Willemson, Zhang, "Round-Efficient
// Oblivious Database Manipulation", ISC 2011 (resharing-based shuffling).
#include <algorithm>
#include <array>
#include <iterator>

#include "base/error.h"
#include "protocol/permutation.h"
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

using rep3::Lanes;
using rep3::Party;
using rep3::Range;

/// Rows of `xor_words` words shared by exclusive or and then `sum_words` shared by addition.
struct Packed {
  std::size_t n = 0, xor_words = 0, sum_words = 0;
  Words component[2];
  std::size_t row_words() const { return xor_words + sum_words; }
};

std::size_t words_of(const Arith&) { return 1; }
std::size_t words_of(const Bits& x) { return words_for_bits(static_cast<std::size_t>(x.width())); }
std::size_t words_of(const Rows& x) { return x.row_words(); }
std::size_t words_of(const Column& column) {
  return std::visit([](const auto& x) { return words_of(x); }, column);
}

Column sized_like(const Arith&, std::size_t n) { return Arith(2, n); }
Column sized_like(const Bits& x, std::size_t n) { return Bits(2, n, x.width()); }
Column sized_like(const Rows& x, std::size_t n) { return Rows(2, n, x.width()); }

bool is_sum(const Column& column) { return std::holds_alternative<Arith>(column); }

void copy_words(std::uint64_t* to, std::size_t to_stride, const std::uint64_t* from,
                std::size_t from_stride, std::size_t words, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < words; ++k) to[i * to_stride + k] = from[i * from_stride + k];
  }
}

/// Where each column lies in a row: exclusive-or words first.
std::vector<std::size_t> offsets(const std::vector<Column>& columns, Packed& rows) {
  for (const Column& column : columns)
    (is_sum(column) ? rows.sum_words : rows.xor_words) += words_of(column);
  std::vector<std::size_t> at;
  std::size_t next_xor = 0, next_sum = rows.xor_words;
  for (const Column& column : columns) {
    std::size_t& next = is_sum(column) ? next_sum : next_xor;
    at.push_back(next);
    next += words_of(column);
  }
  return at;
}

/// Rows of one column into or out of their places in packed rows, `at` words from each row's start;
/// `range` begins with a block.
void put(const Bits& x, std::size_t at, Range range, Packed& rows) {
  for (int c = 0; c < 2; ++c)
    planes_to_rows(x.shape(), x.component(c), range, rows.component[c].data() + at,
                   rows.row_words());
}

void take(Bits& x, std::size_t at, Range range, const Packed& rows) {
  for (int c = 0; c < 2; ++c)
    rows_to_planes(x.shape(), rows.component[c].data() + at, rows.row_words(), range,
                   x.component(c));
}

template <typename WholeWords>
void put(const WholeWords& x, std::size_t at, Range range, Packed& rows) {
  const std::size_t words = words_of(x);
  for (int c = 0; c < 2; ++c) {
    copy_words(rows.component[c].data() + range.first * rows.row_words() + at, rows.row_words(),
               x.component(c).data() + range.first * words, words, words, range.count);
  }
}

template <typename WholeWords>
void take(WholeWords& x, std::size_t at, Range range, const Packed& rows) {
  const std::size_t words = words_of(x);
  for (int c = 0; c < 2; ++c) {
    copy_words(x.component(c).data() + range.first * words, words,
               rows.component[c].data() + range.first * rows.row_words() + at, rows.row_words(),
               words, range.count);
  }
}

/// Gives a column's memory back, keeping its kind and width.
void empty(Column& column) {
  column = std::visit([](const auto& x) { return sized_like(x, 0); }, column);
}

/// A single column of whole words is in rows already; its memory becomes theirs, and theirs its.
bool is_packed(const std::vector<Column>& columns) {
  return columns.size() == 1 && !std::holds_alternative<Bits>(columns[0]);
}

void take_over(Column& column, Packed& rows) {
  std::vector<Words> words = is_sum(column) ? std::get<Arith>(std::move(column)).release()
                                            : std::get<Rows>(std::move(column)).release();
  std::ranges::move(words, rows.component);
}

Column given_back(Packed& rows, const Column& like) {
  std::vector<Words> words;
  std::ranges::move(rows.component, std::back_inserter(words));
  if (is_sum(like)) return Arith(std::move(words));
  return Rows(rows.n, std::get<Rows>(like).width(), std::move(words));
}

/// The columns' rows. What is left of the columns are their kinds and widths.
Packed pack(Lanes& lanes, std::vector<Column>& columns, std::size_t n) {
  for (const Column& column : columns)
    require(size(column) == n, "shuffled columns differ in length");
  Packed rows;
  rows.n = n;
  const std::vector<std::size_t> at = offsets(columns, rows);
  const bool packed = is_packed(columns);
  if (packed) {
    take_over(columns[0], rows);
  } else {
    for (Words& words : rows.component) words.resize(n * rows.row_words());
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!packed && n > 0) {
      lanes.split_rows(n, [&](Party&, Range range) {
        std::visit([&](const auto& x) { put(x, at[i], range, rows); }, columns[i]);
      });
    }
    empty(columns[i]);
  }
  return rows;
}

std::vector<Column> unpack(Lanes& lanes, Packed rows, const std::vector<Column>& like) {
  std::vector<Column> columns;
  if (is_packed(like)) {
    columns.push_back(given_back(rows, like[0]));
    return columns;
  }
  Packed shape;
  const std::vector<std::size_t> at = offsets(like, shape);
  for (const Column& column : like)
    columns.push_back(std::visit([&](const auto& x) { return sized_like(x, rows.n); }, column));
  lanes.split_rows(rows.n, [&](Party&, Range range) {
    if (range.count == 0) return;
    for (std::size_t i = 0; i < columns.size(); ++i)
      std::visit([&](auto& x) { take(x, at[i], range, rows); }, columns[i]);
  });
  return columns;
}

/// to += from, or ^= for the exclusive-or words of each row.
void add(std::span<std::uint64_t> to, std::span<const std::uint64_t> from, const Packed& rows) {
  if (rows.sum_words == 0) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] ^= from[i];
    return;
  }
  if (rows.xor_words == 0) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
    return;
  }
  for (std::size_t row = 0; row < to.size(); row += rows.row_words()) {
    for (std::size_t k = 0; k < rows.xor_words; ++k) to[row + k] ^= from[row + k];
    for (std::size_t k = rows.xor_words; k < rows.row_words(); ++k) to[row + k] += from[row + k];
  }
}

/// to[i] = from[order[i]] - mask[i], or ^ for the exclusive-or words. `later`: how many more row
/// numbers follow `order`, to be fetched ahead. `Fixed`: the words of a row where the compiler may
/// know them, else 0.
template <std::size_t Fixed>
void pick(const Packed& rows, std::uint64_t* to, const std::uint64_t* from,
          std::span<const std::uint32_t> order, std::size_t later, const std::uint64_t* mask) {
  constexpr std::size_t ahead = 32;
  const std::size_t width = Fixed == 0 ? rows.row_words() : Fixed, xor_words = rows.xor_words;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + ahead < order.size() + later)
      __builtin_prefetch(from + order.data()[i + ahead] * width);
    const std::uint64_t* row = from + order[i] * width;
    for (std::size_t k = 0; k < width; ++k) {
      const std::uint64_t hide = mask[i * width + k];
      to[i * width + k] = k < xor_words ? row[k] ^ hide : row[k] - hide;
    }
  }
}

auto picker(std::size_t row_words) {
  constexpr std::array pickers{&pick<0>, &pick<1>, &pick<2>, &pick<3>, &pick<4>};
  return pickers[row_words < pickers.size() ? row_words : 0];
}

/// As many rows of `whole`, in order, as `picked` has room for, hidden by the stream's next words,
/// which `mask` keeps. A stretch at a time, so that its mask is still in the cache.
void pick_masked(const Packed& rows, const Words& whole, std::span<const std::uint32_t> order,
                 Stream& stream, std::span<std::uint64_t> mask, std::span<std::uint64_t> picked) {
  constexpr std::size_t stretch = 1024;
  const std::size_t width = rows.row_words(), n = picked.size() / width;
  for (std::size_t from = 0; from < n; from += stretch) {
    const std::size_t count = std::min(stretch, n - from);
    stream.fill(mask.subspan(from * width, count * width));
    picker(width)(rows, &picked[from * width], whole.data(), order.subspan(from, count),
                  order.size() - from - count, &mask[from * width]);
  }
}

/// A leg at the two nodes that know its order.
class Swap {
 public:
  /// `first_holder`: of the two, the one whose previous node is the other.
  Swap(Packed& rows, bool first_holder) : rows_(rows), first_holder_(first_holder) {}

  /// Each permutes what it holds, hides it with the component that it shares with the third, and
  /// swaps; the sum is the component that the two share.
  void run(Lanes& lanes, const Indices& order) {
    lanes.split_rows(rows_.n, [&](Party&, Range range) {
      if (first_holder_)
        add(part(rows_.component[0], range), part(rows_.component[1], range), rows_);
    });
    whole_ = std::move(rows_.component[0]);  // this node's part of every row
    mask_ = std::move(rows_.component[1]);   // becomes the component shared with the third node
    common_.resize(whole_.size());
    lanes.split_rows(rows_.n, [&](Party& party, Range range) { swap(party, order, range); });
    rows_.component[0] = std::move(first_holder_ ? common_ : mask_);
    rows_.component[1] = std::move(first_holder_ ? mask_ : common_);
  }

 private:
  std::span<std::uint64_t> part(Words& words, Range range) const {
    return std::span(words).subspan(range.first * rows_.row_words(),
                                    range.count * rows_.row_words());
  }

  void swap(Party& party, std::span<const std::uint32_t> order, Range range) {
    Channel& partner = first_holder_ ? party.to_prev() : party.to_next();
    Stream& stream = first_holder_ ? party.next().share : party.own().share;
    const std::size_t piece = std::max<std::size_t>(
        1, party.schedule().piece_words / std::max<std::size_t>(1, rows_.row_words()));
    const std::size_t ahead = piece * party.schedule().pieces_in_flight;
    Words theirs(std::min(range.count, piece) * rows_.row_words());
    const auto piece_at = [&](std::size_t done) {
      return Range{range.first + done, std::min(piece, range.count - done)};
    };
    for (std::size_t done = 0; done < range.count + ahead; done += piece) {
      if (done < range.count) {
        const Range rows = piece_at(done);
        const auto here = part(common_, rows);
        const auto left = order.subspan(rows.first, range.count - done);
        pick_masked(rows_, whole_, left, stream, part(mask_, rows), here);
        partner.send(bytes_of(here));
      }
      if (done >= ahead && done - ahead < range.count) {
        const auto here = part(common_, piece_at(done - ahead));
        const auto received = std::span(theirs).first(here.size());
        partner.receive(bytes_of(received));
        add(here, received, rows_);
      }
    }
  }

  Packed& rows_;
  bool first_holder_;
  Words whole_, mask_, common_;
};

class ThreeLegs final : public Shuffle {
 public:
  ThreeLegs(Lanes& lanes, std::size_t n) : lanes_(lanes), n_(n) {
    Party& party = lanes_.first();
    lanes_.split(2, [&](Party&, Range known) {  // of the two legs that this node knows
      for (std::size_t i = known.first; i < known.first + known.count; ++i) {
        const int leg = i == 0 ? party.role() : next_role(party.role());
        order_[leg] = random_permutation(i == 0 ? party.own().order : party.next().order, n);
      }
    });
  }

  std::vector<Column> apply(std::vector<Column> columns) override {
    return run(std::move(columns), {0, 1, 2}, false);
  }
  std::vector<Column> invert(std::vector<Column> columns) override {
    return run(std::move(columns), {2, 1, 0}, true);
  }

 private:
  std::vector<Column> run(std::vector<Column> columns, std::array<int, 3> legs, bool inverted) {
    Packed rows = pack(lanes_, columns, n_);
    for (const int leg : legs) one_leg(rows, leg, inverted);
    lanes_.count_rounds(3);
    return unpack(lanes_, std::move(rows), columns);
  }

  void one_leg(Packed& rows, int leg, bool inverted) {
    const int role = lanes_.role();
    if (leg == prev_role(role)) return draw_leg(rows);
    Swap swap(rows, leg == role);
    if (inverted) return swap.run(lanes_, inverse(lanes_.workers(), order_[leg]));
    swap.run(lanes_, order_[leg]);
  }

  /// At the third node both new components come from the streams.
  void draw_leg(Packed& rows) {
    const std::size_t words = rows.row_words();
    lanes_.split_rows(rows.n, [&](Party& party, Range range) {
      const auto part = [&](Words& component) {
        return std::span(component).subspan(range.first * words, range.count * words);
      };
      party.own().share.fill(part(rows.component[0]));
      party.next().share.fill(part(rows.component[1]));
    });
  }

  Lanes& lanes_;
  std::size_t n_;
  Indices order_[3];
};

}  // namespace

std::unique_ptr<Shuffle> Rep3::shuffle(std::size_t n) {
  return std::make_unique<ThreeLegs>(lanes_, n);
}

}  // namespace polder
