#include "match/delegated/bins.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace polder {
namespace {

/// Places compared in one go: enough to hide its rounds, few enough to bound the memory.
std::size_t batch_slots(const Protocol& mpc) {
  constexpr double lan = 1 << 19, rounds = 32;
  return static_cast<std::size_t>(std::max(lan, rounds * mpc.rows_per_round()));
}

/// Layers of one table, one after the other.
struct Run {
  std::size_t table, first_layer, layers;
};

/// All layers of all tables in batches of at most `most` layers.
std::vector<std::vector<Run>> batches_of(const std::vector<std::size_t>& layers, std::size_t most) {
  std::vector<std::vector<Run>> batches;
  std::size_t room = 0;
  for (std::size_t table = 0; table < layers.size(); ++table) {
    for (std::size_t first = 0; first < layers[table];) {
      if (room == 0) batches.emplace_back(), room = most;
      const std::size_t count = std::min(room, layers[table] - first);
      batches.back().push_back({table, first, count});
      first += count, room -= count;
    }
  }
  return batches;
}

std::vector<std::size_t> layers_of(const std::vector<BinnedTable>& tables, std::size_t bins) {
  std::vector<std::size_t> layers;
  for (const BinnedTable& table : tables) {
    const std::size_t slots = table.identifier.size();
    if (slots % bins != 0)
      fail(Code::bad_schema, "match: a table has {} slots for {} bins; all must have as many bins",
           slots, bins);
    layers.push_back(slots / bins);
  }
  return layers;
}

/// By table: whether it holds what is in the requester's bin, and whether it flagged it.
struct Found {
  std::vector<Bits> held, flagged;  // [tables] of [bins] of one bit
};

/// Compares the requester's bins with the others' slots, batch after batch.
class Comparing {
 public:
  Comparing(Protocol& mpc, const BinnedTable& requester, const std::vector<BinnedTable>& others,
            bool flags)
      : mpc_(mpc), requester_(requester.identifier), others_(others), flags_(flags) {
    found_.held = std::vector(others.size(), mpc.constant(bins(), 1, 0));
    if (flags) found_.flagged = found_.held;
  }

  Found run() && {
    const std::size_t at_once = std::max<std::size_t>(1, batch_slots(mpc_) / bins());
    Bits own;  // the requester's bins as often as a batch has layers
    for (const std::vector<Run>& batch : batches_of(layers_of(others_, bins()), at_once)) {
      std::size_t layers = 0;
      for (const Run& run : batch) layers += run.layers;
      if (own.size() != layers * bins()) own = concat(std::vector(layers, &requester_));
      compare(batch, own);
    }
    return std::move(found_);
  }

 private:
  std::size_t bins() const { return requester_.size(); }

  void compare(const std::vector<Run>& batch, const Bits& own) {
    std::vector<Bits> theirs, marks;
    for (const Run& run : batch) {
      theirs.push_back(part(others_[run.table].identifier, run));
      if (flags_) marks.push_back(part(others_[run.table].flag, run));
    }
    const Bits hits = mpc_.equal(own, concat(theirs));
    add_layers(hits, batch, found_.held);
    if (flags_) add_layers(mpc_.bit_and(hits, concat(marks)), batch, found_.flagged);
  }

  /// The run's slots, of as many bits as are compared.
  Bits part(const Bits& column, const Run& run) const {
    const int width = std::min(column.width(), requester_.width());
    const bool narrow = column.width() == width;
    if (run.layers * bins() == column.size())
      return narrow ? column : polder::bits(column, 0, width);
    const Bits slots = slice(column, run.first_layer * bins(), run.layers * bins());
    return narrow ? slots : polder::bits(slots, 0, width);
  }

  /// An owner's identifier lies in a bin once, so at most one layer has it: their sum is their or.
  void add_layers(const Bits& hits, const std::vector<Run>& batch, std::vector<Bits>& by_table) {
    std::size_t first = 0;
    for (const Run& run : batch) {
      Bits& sum = by_table[run.table];
      for (std::size_t i = 0; i < run.layers; ++i, first += bins())
        sum = sum ^ slice(hits, first, bins());
    }
  }

  Protocol& mpc_;
  const Bits& requester_;
  const std::vector<BinnedTable>& others_;
  const bool flags_;
  Found found_;
};

/// In how many of the columns a row is set.  [columns] of [n] -> [n].
Arith number_set(Protocol& mpc, const std::vector<Bits>& columns) {
  const Arith ones = mpc.to_arith(concat(columns));
  const std::size_t n = columns[0].size();
  Arith number = slice(ones, 0, n);
  for (std::size_t i = 1; i < columns.size(); ++i) number = number + slice(ones, i * n, n);
  return number;
}

/// number >= least, both at most 64.  [n] -> [n] of one bit.
Bits reaches(Protocol& mpc, const Arith& number, std::uint64_t least) {
  const Arith missing = mpc.add(number, std::uint64_t{0} - least);
  return mpc.bit_not(mpc.to_bit(missing, 7));  // within +-64, so bit 7 is the sign
}

void check(const BinConditions& conditions, const BinnedTable& requester,
           const std::vector<BinnedTable>& others) {
  const auto [threshold, min_flags, counted_holders] = conditions;
  const std::uint64_t parties = others.size() + 1;
  if (parties > 64) fail(Code::bad_input, "match: {} parties; at most 64", parties);
  if (threshold < 2 || threshold > parties) {
    fail(Code::bad_input, "match: the threshold is {} but with bins it is 2 to {}, the parties",
         threshold, parties);
  }
  if (min_flags > parties) {
    fail(Code::bad_input, "match: {} flags are asked for but there are {} parties", min_flags,
         parties);
  }
  if (requester.identifier.size() == 0)
    fail(Code::bad_schema,
         "match: the requester's table has no bins; an index without rows has 64");
  const auto fits = [&](const BinnedTable& table) {
    return table.identifier.width() >= requester.identifier.width() &&
           (min_flags == 0 || table.flag.size() == table.identifier.size());
  };
  if (!fits(requester) || !std::ranges::all_of(others, fits))
    fail(Code::bad_schema, "match: a table lacks bits of its identifiers, or its flags");
}

}  // namespace

int binned_identifier_bits(std::uint64_t compared_pairs) {
  const double pairs = static_cast<double>(std::max<std::uint64_t>(compared_pairs, 1));
  return std::min(128, static_cast<int>(std::ceil(41 + std::log2(pairs))));
}

Marks match_in_bins(Protocol& mpc, const BinConditions& conditions, const BinnedTable& requester,
                    const std::vector<BinnedTable>& others) {
  check(conditions, requester, others);
  Found found = Comparing(mpc, requester, others, conditions.min_flags > 0).run();
  // The requester holds what it asks about.
  const std::uint64_t others_needed = conditions.threshold - 1;
  const Arith holders = number_set(mpc, found.held);
  Marks marks{.matched = reaches(mpc, holders, others_needed)};
  if (conditions.min_flags > 0) {
    found.flagged.push_back(requester.flag);
    marks.matched = mpc.bit_and(marks.matched,
                                reaches(mpc, number_set(mpc, found.flagged), conditions.min_flags));
  }
  if (conditions.counted_holders > others_needed)
    marks.counted = mpc.bit_and(marks.matched, reaches(mpc, holders, conditions.counted_holders));
  return marks;
}

}  // namespace polder
