// One bit as a number in 8 bytes a row. Node 0 knows b0 ^ b1, nodes 1 and 2 know b2. Node 0 shares
// c = b0 ^ b1 between nodes 1 and 2; they flip it where b2 is set (b = b2 + c (1 - 2 b2), linear
// for them) and re-share the answer.
#include <algorithm>

#include "base/error.h"
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

using rep3::Party;
using rep3::Range;
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

/// Every node's first step: what it sends of a piece.
void send_flipped(Party& party, const Piece& piece, Words& bits, Words& message) {
  const Span spread = std::span(bits).first(piece.rows), c = std::span(message).first(piece.rows);
  if (party.role() == 0) share_flipped(party, piece, bits, message);
  if (party.role() == 1) {
    rep3::spread_bits(spread.data(), piece.bits_second.data(), piece.rows);
    party.to_prev().receive(bytes_of(c));
    party.own().share.fill(piece.first);
    flip(piece.second, c, spread, piece.first, true);
    party.to_next().send(bytes_of(piece.second));
  }
  if (party.role() == 2) {
    rep3::spread_bits(spread.data(), piece.bits_first.data(), piece.rows);
    party.next().share.fill(c);
    party.next().share.fill(piece.second);
    flip(piece.first, c, spread, piece.second, false);
    party.to_prev().send(bytes_of(piece.first));
  }
}

void add_received(Channel& partner, Span common, Words& message) {
  const Span theirs = std::span(message).first(common.size());
  partner.receive(bytes_of(theirs));
  for (std::size_t i = 0; i < common.size(); ++i) common[i] += theirs[i];
}

/// These rows of the answer; `rows.first` is a multiple of 64.
void convert(Party& party, const Bits& x, Range rows, Arith& answer) {
  const std::size_t n = rows.count, step = party.schedule().piece_words;
  const std::size_t ahead = step * party.schedule().pieces_in_flight;
  const int role = party.role();
  Words bits(std::min(n, step)), message(std::min(n, step));
  const auto piece_at = [&](std::size_t done) {
    const std::size_t from = rows.first + done, count = std::min(step, n - done);
    return Piece{from,
                 count,
                 answer.component(0).subspan(from, count),
                 answer.component(1).subspan(from, count),
                 x.component(0).subspan(from / 64, words_for_bits(count)),
                 x.component(1).subspan(from / 64, words_for_bits(count))};
  };
  for (std::size_t done = 0; done < n + ahead; done += step) {
    if (done < n) send_flipped(party, piece_at(done), bits, message);
    if (done >= ahead && done - ahead < n && role != 0) {
      const Piece piece = piece_at(done - ahead);
      if (role == 1) add_received(party.to_next(), piece.second, message);
      if (role == 2) add_received(party.to_prev(), piece.first, message);
    }
  }
}

}  // namespace

Arith Rep3::to_arith(const Bits& x) {
  require(x.width() == 1, "to_arith: a column of one bit is wanted");
  Arith answer(2, x.size());
  lanes_.split_rows(x.size(), [&](Party& party, Range rows) { convert(party, x, rows, answer); });
  lanes_.count_rounds(2);
  return answer;
}

}  // namespace polder
