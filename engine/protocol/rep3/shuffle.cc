// A secret order of rows: three legs, each a uniformly random permutation that two nodes know; the
// third gets its new components from the streams it shares with each of them, so it learns nothing,
// and no node knows all three. Rows travel whole. Source: Laur, Willemson, Zhang, "Round-Efficient
// Oblivious Database Manipulation", ISC 2011 (resharing-based shuffling).
#include <algorithm>
#include <array>

#include "base/error.h"
#include "protocol/permutation.h"
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

using rep3::Party;

/// Rows of `xor_words` words shared by exclusive or and then `sum_words` shared by addition.
struct Packed {
  std::size_t n = 0, xor_words = 0, sum_words = 0;
  Words component[2];
  std::size_t row_words() const { return xor_words + sum_words; }
};

std::size_t words_of(const Column& column) {
  if (const Bits* x = std::get_if<Bits>(&column))
    return words_for_bits(static_cast<std::size_t>(x->width()));
  if (const Rows* x = std::get_if<Rows>(&column)) return x->row_words();
  return 1;
}

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

Packed pack(const std::vector<Column>& columns, std::size_t n) {
  Packed rows;
  rows.n = n;
  const std::vector<std::size_t> at = offsets(columns, rows);
  for (Words& words : rows.component) words.resize(n * rows.row_words());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    require(size(columns[i]) == n, "shuffled columns differ in length");
    const auto put = [&](const auto& x, std::size_t words) {
      for (int c = 0; c < 2; ++c) {
        copy_words(rows.component[c].data() + at[i], rows.row_words(), x.component(c).data(), words,
                   words, n);
      }
    };
    if (const Bits* bits = std::get_if<Bits>(&columns[i]))
      put(to_rows(*bits), words_of(columns[i]));
    if (const Rows* whole = std::get_if<Rows>(&columns[i])) put(*whole, words_of(columns[i]));
    if (const Arith* sum = std::get_if<Arith>(&columns[i])) put(*sum, 1);
  }
  return rows;
}

std::vector<Column> unpack(const Packed& rows, const std::vector<Column>& like) {
  Packed shape;
  const std::vector<std::size_t> at = offsets(like, shape);
  std::vector<Column> columns;
  for (std::size_t i = 0; i < like.size(); ++i) {
    const auto take = [&](auto x, std::size_t words) {
      for (int c = 0; c < 2; ++c) {
        copy_words(x.component(c).data(), words, rows.component[c].data() + at[i], rows.row_words(),
                   words, rows.n);
      }
      return x;
    };
    if (const Bits* bits = std::get_if<Bits>(&like[i])) {
      columns.push_back(from_rows(take(Rows(2, rows.n, bits->width()), words_of(like[i]))));
    } else if (const Rows* whole = std::get_if<Rows>(&like[i])) {
      columns.push_back(take(Rows(2, rows.n, whole->width()), words_of(like[i])));
    } else {
      columns.push_back(take(Arith(2, rows.n), 1));
    }
  }
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

/// The two nodes that know a leg's order each permute what they hold, hide it with the component
/// they share with the third, and swap; the sum is the component that they share.
void permute_and_swap(Party& party, Packed& rows, const Indices& order, bool first_holder) {
  Channel& partner = first_holder ? party.to_prev() : party.to_next();
  Stream& mask_stream = first_holder ? party.next().share : party.own().share;
  if (first_holder) add(rows.component[0], rows.component[1], rows);
  Words whole = std::move(rows.component[0]);  // this node's part of every row
  Words mask = std::move(rows.component[1]);   // becomes the component shared with the third node
  Words common(whole.size());
  const std::size_t piece = std::max<std::size_t>(
      1, party.schedule().piece_words / std::max<std::size_t>(1, rows.row_words()));
  const std::size_t ahead = piece * party.schedule().pieces_in_flight;
  Words theirs(std::min(rows.n, piece) * rows.row_words());
  const auto part = [&](Words& words, std::size_t from) {
    return std::span(words).subspan(from * rows.row_words(),
                                    std::min(piece, rows.n - from) * rows.row_words());
  };
  for (std::size_t from = 0; from < rows.n + ahead; from += piece) {
    if (from < rows.n) {
      const auto here = part(common, from), hide = part(mask, from);
      pick_masked(rows, whole, std::span(order).subspan(from), mask_stream, hide, here);
      partner.send(bytes_of(here));
    }
    if (from >= ahead && from - ahead < rows.n) {
      const auto here = part(common, from - ahead);
      partner.receive(bytes_of(std::span(theirs).first(here.size())));
      add(here, std::span(theirs).first(here.size()), rows);
    }
  }
  rows.component[0] = first_holder ? std::move(common) : std::move(mask);
  rows.component[1] = first_holder ? std::move(mask) : std::move(common);
}

class ThreeLegs final : public Shuffle {
 public:
  ThreeLegs(Party& party, std::size_t n) : party_(party), n_(n) {
    for (int leg = 0; leg < 3; ++leg) {
      if (leg == party_.role()) order_[leg] = random_permutation(party_.own().order, n);
      if (leg == next_role(party_.role())) order_[leg] = random_permutation(party_.next().order, n);
    }
  }

  std::vector<Column> apply(std::vector<Column> columns) override {
    return run(std::move(columns), {0, 1, 2}, false);
  }
  std::vector<Column> invert(std::vector<Column> columns) override {
    return run(std::move(columns), {2, 1, 0}, true);
  }

 private:
  std::vector<Column> run(std::vector<Column> columns, std::array<int, 3> legs, bool inverted) {
    Packed rows = pack(columns, n_);
    for (Column& column : columns) release(column);
    for (const int leg : legs) one_leg(rows, leg, inverted);
    party_.count_rounds(3);
    return unpack(rows, columns);
  }

  void one_leg(Packed& rows, int leg, bool inverted) {
    if (leg ==
        prev_role(party_.role())) {  // the third node: both new components come from the streams
      party_.own().share.fill(rows.component[0]);
      party_.next().share.fill(rows.component[1]);
      return;
    }
    const Indices& order = order_[leg];
    permute_and_swap(party_, rows, inverted ? inverse(order) : order, leg == party_.role());
  }

  /// Gives a packed column's memory back, keeping its kind and width.
  static void release(Column& column) {
    if (Bits* x = std::get_if<Bits>(&column)) column = Bits(2, 0, x->width());
    if (Rows* x = std::get_if<Rows>(&column)) column = Rows(2, 0, x->width());
    if (std::holds_alternative<Arith>(column)) column = Arith(2, 0);
  }

  Party& party_;
  std::size_t n_;
  Indices order_[3];  // of the two legs that this node knows
};

}  // namespace

std::unique_ptr<Shuffle> Rep3::shuffle(std::size_t n) {
  return std::make_unique<ThreeLegs>(party_, n);
}

}  // namespace polder
