// The only place where this protocol yields plaintext, but for open_order (order.cc).
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

/// Component i - 1, which node i lacks, comes from its next node, which holds it second.
template <typename ColumnType>
Words missing_component(rep3::Lanes& lanes, const ColumnType& x) {
  Words missing(x.component(1).size());
  lanes.split_rows(missing.size(), [&](rep3::Party& party, rep3::Range words) {
    exchange(party.to_prev(), x.component(1).subspan(words.first, words.count), party.to_next(),
             std::span(missing).subspan(words.first, words.count));
  });
  lanes.count_rounds(1);
  return missing;
}

}  // namespace

Words Rep3::open(const Arith& x, Nodes) {
  Words value = missing_component(lanes_, x);
  for (std::size_t i = 0; i < value.size(); ++i) value[i] += x.component(0)[i] + x.component(1)[i];
  return value;
}

PlainBits Rep3::open(const Bits& x, Nodes) {
  const Bits rows = clear_tail(x);
  Words value = missing_component(lanes_, rows);
  for (std::size_t i = 0; i < value.size(); ++i)
    value[i] ^= rows.component(0)[i] ^ rows.component(1)[i];
  return PlainBits(x.shape(), std::move(value));
}

// A recipient gets all three components of its rows. Fresh shares of zero make them uniformly
// random but for their sum, so they say nothing of how x came about.

void Rep3::open(const Arith& x, std::span<const Portion> to) {
  Arith fresh(2, x.size());
  lanes_.pass_back(
      fresh.component(0), fresh.component(1),
      [&](rep3::Party& party, std::size_t first, std::size_t count) {
        party.masked(first, count, [&](std::size_t from, std::size_t n, rep3::Mask mask) {
          for (std::size_t i = 0; i < n; ++i) {
            fresh.component(0)[from + i] = x.component(0)[from + i] + mask.own[i] - mask.next[i];
          }
        });
      });
  deliver(outbox_, fresh, to);
}

void Rep3::open(const Bits& x, std::span<const Portion> to) {
  const Bits rows = clear_tail(x);
  Bits fresh(2, x.size(), x.width());
  lanes_.pass_back(
      fresh.component(0), fresh.component(1),
      [&](rep3::Party& party, std::size_t first, std::size_t count) {
        party.masked(first, count, [&](std::size_t from, std::size_t n, rep3::Mask mask) {
          for (std::size_t i = 0; i < n; ++i) {
            fresh.component(0)[from + i] = rows.component(0)[from + i] ^ mask.own[i] ^ mask.next[i];
          }
        });
      });
  deliver(outbox_, fresh, to);
}

}  // namespace polder
