// A truncation without its low carry, in 32 bytes a row over the three nodes. With x + 2^62 = a + b
// - 2^64 top, where node 0 knows a = c0 + c1 + 2^62 and nodes 1 and 2 know b = c2:
// (a >> s) + (b >> s) - top 2^(64-s) is floor((x + 2^62) / 2^s), less the low carry that is left
// out. As 0 <= x + 2^62 < 2^63, top is set if and only if a or b has its top bit set: if neither,
// the sum stays below 2^64; if one, only an overflow brings it below 2^63. So with A and B these
// top bits, (a >> s) - A 2^(64-s) (1 - B) + (b >> s) - B 2^(64-s) is wanted, linear for nodes 1 and
// 2 once node 0 has shared a >> s and A 2^(64-s) between them; they re-share the answer.
#include <algorithm>

#include "base/error.h"
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

using rep3::Party;
using Span = std::span<std::uint64_t>;
using ConstSpan = std::span<const std::uint64_t>;

constexpr std::uint64_t offset = std::uint64_t{1} << 62;

/// Rows on their way, at most piece_words.
struct Piece {
  ConstSpan x_first, x_second;
  Span first, second;  // of the answer
};

/// What node 0 shares, two words a row: in the first half a >> s, in the second A 2^(64-s).
void share_parts(Party& party, const Piece& piece, int shift, Span message) {
  const std::size_t n = piece.first.size();
  party.own().share.fill(message);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t a = piece.x_first[i] + piece.x_second[i] + offset;
    message[i] = (a >> shift) - message[i];
    message[n + i] = ((a >> 63) << (64 - shift)) - message[n + i];
  }
  party.to_next().send(bytes_of(ConstSpan(message)));
  party.own().share.fill(piece.first);
  party.next().share.fill(piece.second);
}

/// Node 1's or 2's summand of the answer, less the component it shares with node 0.
void join_parts(Span common, ConstSpan parts, ConstSpan b, ConstSpan mask) {
  const std::size_t n = common.size();
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t unless_b = (b[i] >> 63) - 1;
    common[i] = parts[i] - (parts[n + i] & unless_b) - mask[i];
  }
}

/// What nodes 1 and 2 both know, added by one of them.
void add_known(Span common, ConstSpan b, int shift) {
  for (std::size_t i = 0; i < common.size(); ++i) {
    common[i] += (b[i] >> shift) - ((b[i] >> 63) << (64 - shift)) - (offset >> shift);
  }
}

void add_received(Channel& partner, Span common, Words& message) {
  const Span theirs = std::span(message).first(common.size());
  partner.receive(bytes_of(theirs));
  for (std::size_t i = 0; i < common.size(); ++i) common[i] += theirs[i];
}

}  // namespace

Arith Rep3::truncate_near(const Arith& x, int shift) {
  require(shift >= 1 && shift <= 62, "truncate_near: shift outside 1..62");
  const std::size_t n = x.size(), step = party_.schedule().piece_words;
  const std::size_t ahead = step * party_.schedule().pieces_in_flight;
  Arith answer(2, n);
  Words parts(2 * std::min(n, step));
  const auto piece_at = [&](std::size_t from) {
    const std::size_t rows = std::min(step, n - from);
    return Piece{x.component(0).subspan(from, rows), x.component(1).subspan(from, rows),
                 answer.component(0).subspan(from, rows), answer.component(1).subspan(from, rows)};
  };
  for (std::size_t from = 0; from < n + ahead; from += step) {
    if (from < n) {
      const Piece piece = piece_at(from);
      const Span message = std::span(parts).first(2 * piece.first.size());
      if (party_.role() == 0) share_parts(party_, piece, shift, message);
      if (party_.role() == 1) {
        party_.to_prev().receive(bytes_of(message));
        party_.own().share.fill(piece.first);
        join_parts(piece.second, message, piece.x_second, piece.first);
        add_known(piece.second, piece.x_second, shift);
        party_.to_next().send(bytes_of(ConstSpan(piece.second)));
      }
      if (party_.role() == 2) {
        party_.next().share.fill(message);
        party_.next().share.fill(piece.second);
        join_parts(piece.first, message, piece.x_first, piece.second);
        party_.to_prev().send(bytes_of(ConstSpan(piece.first)));
      }
    }
    if (from >= ahead && from - ahead < n && party_.role() != 0) {
      const Piece piece = piece_at(from - ahead);
      if (party_.role() == 1) add_received(party_.to_next(), piece.second, parts);
      if (party_.role() == 2) add_received(party_.to_prev(), piece.first, parts);
    }
  }
  party_.count_rounds(2);
  return answer;
}

}  // namespace polder
