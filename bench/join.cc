// Two tables by a secret key, one to many.
#include "ops/groups/join.h"

#include <algorithm>

#include "bench/row.h"

namespace polder::bench {
namespace {

/// n rows in all, half a side, and what each right row must get. Left keys are unique; an eighth of
/// the right rows finds none.
struct Tables {
  Values left_key, left_value, right_key, found, value;

  Tables(Node& node, std::size_t n)
      : left_value(node.random(n / 2)), right_key(node.random(n - n / 2)) {
    for (std::size_t i = 1; i <= n / 2; ++i) left_key.push_back(i * 0x9e37'79b9'7f4a'7c15);  // odd
    for (std::uint64_t& key : right_key) {
      const std::size_t at = key / 8 % std::max<std::size_t>(left_key.size(), 1);
      const bool is_found = key % 8 != 0 && !left_key.empty();
      if (is_found) key = left_key[at];
      found.push_back(is_found);
      value.push_back(is_found ? left_value[at] : 0);
    }
  }
};

Values ones(std::size_t n) { return Values(n, 1); }

/// 64-bit keys and one 64-bit column a side; the right one has no need to move.
Job join_keys_of_64(Node& node, std::size_t n) {
  const Tables tables(node, n);
  return job(
      [&mpc = node.mpc(), left_key = node.share_bits(tables.left_key, 64),
       left_valid = node.share_bits(ones(tables.left_key.size()), 1),
       value = node.share_bits(tables.left_value, 64),
       right_key = node.share_bits(tables.right_key, 64),
       right_valid = node.share_bits(ones(tables.right_key.size()), 1)] {
        return join(mpc, {&left_key, &left_valid}, {value}, {&right_key, &right_valid});
      },
      [&node, found = tables.found, value = tables.value](const Joined& joined) {
        return node.open(joined.found) == found &&
               node.open(std::get<Bits>(joined.columns[0])) == value &&
               node.open(joined.repeated) == Values{0};
      });
}

}  // namespace

std::vector<Row> joins() { return {{"join", "join", 1 << 19, join_keys_of_64}}; }

}  // namespace polder::bench
