#include "ops/order/min_max.h"

#include <algorithm>

#include "base/error.h"
#include "ops/row_numbers.h"

namespace polder {
namespace {

constexpr std::size_t round_in_comparisons = 4096;  // what a few rounds are worth, at least

/// How the rows left play: row i in place i % size of group i / size. Where the last group has no
/// row, the last row stands once more, behind itself, and so never wins.
struct Groups {
  std::size_t rows, size;

  std::size_t count() const { return ceil_div(rows, size); }
  std::size_t pairs() const { return size * (size - 1) / 2; }
  std::uint32_t row(std::size_t group, std::size_t place) const {
    return static_cast<std::uint32_t>(std::min(group * size + place, rows - 1));
  }
  /// Of all places i < j, in the order (0, 1), (0, 2) … (1, 2) …
  std::size_t pair(std::size_t i, std::size_t j) const {
    return i * (2 * size - i - 1) / 2 + j - i - 1;
  }
};

/// For each of `places` from `first` on and each group a row number: chosen(group, place).
template <typename Chosen>
Indices numbers(const Groups& groups, std::size_t first, std::size_t places, Chosen&& chosen) {
  Indices all;
  all.reserve(places * groups.count());
  for (std::size_t place = first; place < first + places; ++place) {
    for (std::size_t group = 0; group < groups.count(); ++group)
      all.push_back(static_cast<std::uint32_t>(chosen(group, place)));
  }
  return all;
}

/// All pairs of places, group by group: the later row is below the earlier one.
Bits later_below(Protocol& mpc, const Rows& rows, int key_width, const Groups& groups) {
  Indices earlier, later;
  for (std::size_t i = 0; i < groups.size; ++i) {
    for (std::size_t j = i + 1; j < groups.size; ++j) {
      for (std::size_t group = 0; group < groups.count(); ++group) {
        earlier.push_back(groups.row(group, i));
        later.push_back(groups.row(group, j));
      }
    }
  }
  const auto keys = [&](const Indices& from) {
    return gather_bits(mpc.workers(), rows, from, 0, key_width);
  };
  return mpc.less_than(keys(later), keys(earlier));
}

/// And of all bits of a row.  ceil(log2 w) rounds.
Bits all_bits(Protocol& mpc, Bits x) {
  while (x.width() > 1) {
    const int half = x.width() / 2;
    const Bits both = mpc.bit_and(bits(x, 0, half), bits(x, half, half));
    const Bits odd = bits(x, 2 * half, x.width() % 2);
    x = join_bits({&both, &odd});
  }
  return x;
}

/// The rows of places 1, 2 … that win their group: below all earlier rows, with no later row below
/// them. Place 0 wins where none of them does.
Bits winners(Protocol& mpc, const Rows& rows, int key_width, const Groups& groups) {
  const Bits below = later_below(mpc, rows, key_width, groups), not_below = mpc.bit_not(below);
  const Rows answers = to_rows(mpc.workers(), concat({&below, &not_below}));
  std::vector<Bits> games;  // of every place, one opponent after the other
  for (std::size_t game = 0; game + 1 < groups.size; ++game) {
    const Indices from =
        numbers(groups, 1, groups.size - 1, [&](std::size_t group, std::size_t place) {
          const bool is_earlier = game < place;  // than this place is the opponent
          const std::size_t pair =
              is_earlier ? groups.pair(game, place) : groups.pairs() + groups.pair(place, game + 1);
          return pair * groups.count() + group;
        });
    games.push_back(gather_bits(mpc.workers(), answers, from, 0, answers.width()));
  }
  std::vector<const Bits*> parts;
  for (const Bits& game : games) parts.push_back(&game);
  return all_bits(mpc, join_bits(parts));
}

/// One row a group: its winner.
Rows play(Protocol& mpc, const Rows& rows, int key_width, const Groups& groups) {
  const Bits wins = winners(mpc, rows, key_width, groups);
  const auto first = [&](std::size_t group, std::size_t) { return groups.row(group, 0); };
  const auto own = [&](std::size_t group, std::size_t place) { return groups.row(group, place); };
  const std::size_t others = groups.size - 1;
  const auto picked = [&](const Indices& from) {
    return gather_bits(mpc.workers(), rows, from, 0, rows.width());
  };
  const Bits change =
      picked(numbers(groups, 1, others, own)) ^ picked(numbers(groups, 1, others, first));
  const Bits changes = mpc.bit_and(change, wins);
  Bits winner = picked(numbers(groups, 0, 1, first));
  for (std::size_t place = 0; place < others; ++place)
    winner = winner ^ slice(changes, place * groups.count(), groups.count());
  return to_rows(mpc.workers(), winner);
}

/// So that each row meets as many others as pay; all of them, if that is the end of it.
std::size_t group_size(std::size_t rows, std::size_t all_rows) {
  const std::size_t comparisons = std::max(all_rows / 4, round_in_comparisons);
  if (rows * (rows - 1) / 2 <= 2 * comparisons) return rows;
  return std::max<std::size_t>(2, 1 + 2 * comparisons / rows);
}

/// The least row as unsigned numbers, with its number.
Bits row_of_min(Protocol& mpc, const Bits& key) {
  if (key.size() == 0) fail(Code::bad_input, "the least or greatest of no rows; give at least one");
  const Bits number = row_numbers(mpc, key.size());
  Rows rows = to_rows(mpc.workers(), {&key, &number});
  while (rows.size() > 1)
    rows = play(mpc, rows, key.width(), {rows.size(), group_size(rows.size(), key.size())});
  return from_rows(mpc.workers(), rows);
}

}  // namespace

PickedRow min_row(Protocol& mpc, const Bits& x, Sign sign) {
  const Bits row = row_of_min(mpc, unsigned_order(mpc, x, sign));
  return {unsigned_order(mpc, bits(row, 0, x.width()), sign),
          bits(row, x.width(), row.width() - x.width())};
}

PickedRow max_row(Protocol& mpc, const Bits& x, Sign sign) {
  const Bits row = row_of_min(mpc, mpc.bit_not(unsigned_order(mpc, x, sign)));
  return {unsigned_order(mpc, mpc.bit_not(bits(row, 0, x.width())), sign),
          bits(row, x.width(), row.width() - x.width())};
}

}  // namespace polder
