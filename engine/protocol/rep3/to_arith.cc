// One bit as a number in 8 bytes a row. Node 0 knows b0 ^ b1, nodes 1 and 2 know b2. Node 0 shares
// c = b0 ^ b1 between nodes 1 and 2; they flip it where b2 is set (b = b2 + c (1 - 2 b2), linear
// for them) and re-share the answer.
#include <algorithm>

#include "base/error.h"
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

using rep3::Party;
using Span = std::span<std::uint64_t>;
using ConstSpan = std::span<const std::uint64_t>;

/// One stretch of rows on its way; `rows` at most piece_words, a multiple of 64 but for the last.
struct Piece {
  std::size_t from, rows;
  Span first, second;  // of the answer
  ConstSpan bits_first, bits_second;
};

/// Node 0: c's one share from the stream, the other to node 1; both its components of the answer
/// from the streams.
void share_flipped(Party& party, const Piece& piece, Words& bits, Words& message) {
  Words known(piece.bits_first.size());
  for (std::size_t i = 0; i < known.size(); ++i)
    known[i] = piece.bits_first[i] ^ piece.bits_second[i];
  rep3::spread_bits(bits.data(), known.data(), piece.rows);
  party.own().share.fill(std::span(message).first(piece.rows));
  for (std::size_t i = 0; i < piece.rows; ++i) message[i] = bits[i] - message[i];
  party.to_next().send(bytes_of(ConstSpan(message).first(piece.rows)));
  party.own().share.fill(piece.first);
  party.next().share.fill(piece.second);
}

/// Node 1 or 2: its share of c, flipped where b2 is set (node 1 also adds b2), less the component
/// it shares with node 0.
void flip(Span common, ConstSpan c, ConstSpan b2, ConstSpan mask, bool add_bit) {
  for (std::size_t i = 0; i < common.size(); ++i) {
    const std::uint64_t flipped = c[i] * (1 - 2 * b2[i]);
    common[i] = flipped + (add_bit ? b2[i] : 0) - mask[i];
  }
}

void add_received(Channel& partner, Span common, Words& message) {
  const Span theirs = std::span(message).first(common.size());
  partner.receive(bytes_of(theirs));
  for (std::size_t i = 0; i < common.size(); ++i) common[i] += theirs[i];
}

}  // namespace

Arith Rep3::to_arith(const Bits& x) {
  require(x.width() == 1, "to_arith: a column of one bit is wanted");
  const std::size_t n = x.size(), step = party_.schedule().piece_words;
  const std::size_t ahead = step * party_.schedule().pieces_in_flight;
  const int role = party_.role();
  Arith answer(2, n);
  Words bits(std::min(n, step)), message(std::min(n, step));
  const auto piece_at = [&](std::size_t from) {
    const std::size_t rows = std::min(step, n - from), words = words_for_bits(rows);
    return Piece{from,
                 rows,
                 answer.component(0).subspan(from, rows),
                 answer.component(1).subspan(from, rows),
                 x.component(0).subspan(from / 64, words),
                 x.component(1).subspan(from / 64, words)};
  };
  for (std::size_t from = 0; from < n + ahead; from += step) {
    if (from < n) {
      const Piece piece = piece_at(from);
      const Span spread = std::span(bits).first(piece.rows),
                 c = std::span(message).first(piece.rows);
      if (role == 0) share_flipped(party_, piece, bits, message);
      if (role == 1) {
        rep3::spread_bits(spread.data(), piece.bits_second.data(), piece.rows);
        party_.to_prev().receive(bytes_of(c));
        party_.own().share.fill(piece.first);
        flip(piece.second, c, spread, piece.first, true);
        party_.to_next().send(bytes_of(piece.second));
      }
      if (role == 2) {
        rep3::spread_bits(spread.data(), piece.bits_first.data(), piece.rows);
        party_.next().share.fill(c);
        party_.next().share.fill(piece.second);
        flip(piece.first, c, spread, piece.second, false);
        party_.to_prev().send(bytes_of(piece.first));
      }
    }
    if (from >= ahead && from - ahead < n && role != 0) {
      const Piece piece = piece_at(from - ahead);
      if (role == 1) add_received(party_.to_next(), piece.second, message);
      if (role == 2) add_received(party_.to_prev(), piece.first, message);
    }
  }
  party_.count_rounds(2);
  return answer;
}

}  // namespace polder
