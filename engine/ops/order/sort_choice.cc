#include "ops/order/sort_choice.h"

#include <algorithm>

#include "ops/order/sample_sort.h"
#include "ops/row_numbers.h"

namespace polder {
namespace {

// Measured, in rows that are compared. Nodes in a LAN wait for processors, and a comparison takes
// more of their time for its bytes; nodes in a WAN wait for a line of 1 Gbit/s.
constexpr double lan_bytes_per_compared_row = 12, wan_bytes_per_compared_row = 8;
constexpr double wan_rows_per_round = 1000;
constexpr double compared_rows_per_call = 800;  // a round's own work, beside its one-way latency

constexpr int max_digit_bits = 4;
constexpr std::size_t always_entries = 1 << 19;  // of the one-hot digits: some 20 MB

double cost_of(const Protocol& mpc, std::size_t n, int rounds, double bytes_per_row) {
  const bool wan = mpc.rows_per_round() > wan_rows_per_round;
  return rounds * (mpc.rows_per_round() + compared_rows_per_call) +
         static_cast<double>(n) * bytes_per_row /
             (wan ? wan_bytes_per_compared_row : lan_bytes_per_compared_row);
}

/// Bytes a row of moving so many bits: of an opened permutation, twice.
double moved_bytes(int bits) {
  return 16 * static_cast<double>(words_for_bits(static_cast<std::size_t>(bits)));
}

double cost_by_comparisons(const Protocol& mpc, const SortSizes& sizes) {
  const int key_bits = row_number_width(sizes.rows) + sizes.key_bits;
  return cost_of(mpc, sizes.rows, 3, moved_bytes(key_bits + sizes.carried_bits)) +
         open_sorted_order_cost(mpc, sizes.rows, key_bits, compared_rows_per_call);
}

/// See radix_sort.h.
double cost_by_digits(const Protocol& mpc, const SortSizes& sizes, int digit_bits) {
  const bool one_digit = sizes.key_bits <= digit_bits;
  const int number_bits = one_digit ? 0 : row_number_width(sizes.rows);
  const double moved = moved_bytes(number_bits + sizes.key_bits + sizes.carried_bits);
  double cost = one_digit ? 0 : cost_of(mpc, sizes.rows, 4, moved_bytes(number_bits));
  for (int left = sizes.key_bits; left > 0; left -= digit_bits) {
    const int width = std::min(left, digit_bits);
    cost += cost_of(mpc, sizes.rows, width + 6, 8 * (1 << width) + 24 + moved);
  }
  return cost;
}

}  // namespace

int radix_digit_bits(const Protocol& mpc, const SortSizes& sizes) {
  int best = 0;
  double least = cost_by_comparisons(mpc, sizes);
  for (int bits = 1; bits <= std::min(sizes.key_bits, max_digit_bits); ++bits) {
    if (bits > 2 && sizes.rows << bits > always_entries) break;
    const double cost = cost_by_digits(mpc, sizes, bits);
    if (cost < least) least = cost, best = bits;
  }
  return best;
}

}  // namespace polder
