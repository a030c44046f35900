// A truncation without its low carry. With x + 2^62 = a + b - 2^64 top, where node 0 knows a and
// nodes 1 and 2 know b: (a >> s) + (b >> s) - top 2^(64-s) is floor((x + 2^62) / 2^s), less the low
// carry that is left out. As 0 <= x + 2^62 < 2^63, top is set if and only if a or b has its top bit
// set: if neither, the sum stays below 2^64; if one, only an overflow brings it below 2^63. So with
// A and B these top bits, (a >> s) - A 2^(64-s) (1 - B) + (b >> s) - B 2^(64-s) is wanted, linear
// for nodes 1 and 2 once node 0 has shared a >> s and A 2^(64-s) between them; they re-share the
// answer.
// Of a column, a = c0 + c1 + 2^62 and b = c2. Of a product, a is node 0's masked additive share +
// 2^62, and b the sum of the two others, which nodes 1 and 2 tell each other.
#include <algorithm>

#include "base/error.h"
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

using rep3::Party;
using rep3::Range;
using rep3::Wire;
using Span = std::span<std::uint64_t>;
using ConstSpan = std::span<const std::uint64_t>;

constexpr std::uint64_t offset = std::uint64_t{1} << 62;

/// Rows of the answer on their way, at most piece_words.
struct Piece {
  std::size_t from;
  Span first, second;

  std::size_t size() const { return first.size(); }
};

/// Of some rows, on one lane.
class Nearly {
 public:
  Nearly(Party& party, Arith& answer, Range rows, int shift)
      : party_(party),
        answer_(answer),
        rows_(rows),
        shift_(shift),
        step_(party.schedule().piece_words),
        ahead_(step_ * party.schedule().pieces_in_flight),
        parts_(2 * max_rows()) {}

  std::size_t step() const { return step_; }
  std::size_t ahead() const { return ahead_; }
  /// Of a piece.
  std::size_t max_rows() const { return std::min(rows_.count, step_); }
  /// Calls work(piece) if the piece `delay` rows before the one at `done` is one.
  template <typename Work>
  void at(std::size_t done, std::size_t delay, Work&& work) {
    if (done < delay || done - delay >= rows_.count) return;
    const std::size_t rows = std::min(step_, rows_.count - (done - delay));
    const std::size_t from = rows_.first + done - delay;
    work(Piece{from, answer_.component(0).subspan(from, rows),
               answer_.component(1).subspan(from, rows)});
  }

  /// Node 0: shares a >> s (first half of the message) and A 2^(64-s); its own two components of
  /// the answer come from the streams.
  void share(const Piece& piece, ConstSpan a) {
    const std::size_t n = piece.size();
    const Span message = std::span(parts_).first(2 * n);
    party_.own().share.fill(message);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t sum = a[i] + offset;
      message[i] = (sum >> shift_) - message[i];
      message[n + i] = ((sum >> 63) << (64 - shift_)) - message[n + i];
    }
    party_.to_next().send(bytes_of(ConstSpan(message)));
    party_.own().share.fill(piece.first);
    party_.next().share.fill(piece.second);
  }

  /// Nodes 1 and 2: their additive share of the answer, less the component that they share with
  /// node 0, to each other. `b` may be the piece's common component itself.
  void join(const Piece& piece, ConstSpan b) {
    const Span message = std::span(parts_).first(2 * piece.size());
    if (party_.role() == 1) {
      party_.to_prev().receive(bytes_of(message));
      party_.own().share.fill(piece.first);
      join_parts(piece.second, message, b, piece.first, true);
      party_.to_next().send(bytes_of(ConstSpan(piece.second)));
    } else {
      party_.next().share.fill(message);
      party_.next().share.fill(piece.second);
      join_parts(piece.first, message, b, piece.second, false);
      party_.to_prev().send(bytes_of(ConstSpan(piece.first)));
    }
  }

  /// Nodes 1 and 2: what the other one sent, added to the common component.
  void add_theirs(const Piece& piece) {
    const Span theirs = std::span(parts_).first(piece.size()), common = this->common(piece);
    partner().receive(bytes_of(theirs));
    for (std::size_t i = 0; i < common.size(); ++i) common[i] += theirs[i];
  }

  /// The component that nodes 1 and 2 hold, and the other of them.
  Span common(const Piece& piece) const { return party_.role() == 1 ? piece.second : piece.first; }
  Channel& partner() { return party_.role() == 1 ? party_.to_next() : party_.to_prev(); }

 private:
  void join_parts(Span common, ConstSpan parts, ConstSpan b, ConstSpan mask, bool add_known) {
    const std::size_t n = common.size();
    const std::uint64_t known = add_known ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t top = b[i] >> 63;
      const std::uint64_t of_b = (b[i] >> shift_) - (top << (64 - shift_)) - (offset >> shift_);
      common[i] = parts[i] - (parts[n + i] & (top - 1)) + (of_b & known) - mask[i];
    }
  }

  Party& party_;
  Arith& answer_;
  Range rows_;
  int shift_;
  std::size_t step_, ahead_;
  Words parts_;
};

Wire wire_of(const Arith& x, std::size_t from) {
  return {x.component(0).data() + from, x.component(1).data() + from};
}

void truncate_rows(Party& party, const Arith& x, Range rows, int shift, Arith& answer) {
  const int role = party.role();
  Nearly nearly(party, answer, rows, shift);
  Words a(role == 0 ? nearly.max_rows() : 0);
  for (std::size_t done = 0; done < rows.count + nearly.ahead(); done += nearly.step()) {
    nearly.at(done, 0, [&](const Piece& piece) {
      const ConstSpan first = x.component(0).subspan(piece.from, piece.size());
      const ConstSpan second = x.component(1).subspan(piece.from, piece.size());
      if (role != 0) return nearly.join(piece, role == 1 ? second : first);
      for (std::size_t i = 0; i < piece.size(); ++i) a[i] = first[i] + second[i];
      nearly.share(piece, a);
    });
    if (role == 0) continue;
    nearly.at(done, nearly.ahead(), [&](const Piece& piece) { nearly.add_theirs(piece); });
  }
}

void multiply_rows(Party& party, const Arith& x, const Arith& y, Range rows, int shift,
                   Arith& answer) {
  const int role = party.role();
  Nearly nearly(party, answer, rows, shift);
  Words product(role == 0 ? nearly.max_rows() : 0);
  const auto multiply = [&](std::size_t first, Span additive_share) {
    party.masked(0, additive_share.size(), [&](std::size_t from, std::size_t n, rep3::Mask mask) {
      rep3::mul_words(additive_share.data() + from, wire_of(x, first + from),
                      wire_of(y, first + from), mask, n);
    });
  };
  for (std::size_t done = 0; done < rows.count + 2 * nearly.ahead(); done += nearly.step()) {
    nearly.at(done, 0, [&](const Piece& piece) {
      const Span additive_share =
          role == 0 ? std::span(product).first(piece.size()) : nearly.common(piece);
      multiply(piece.from, additive_share);
      if (role == 0) return nearly.share(piece, additive_share);
      nearly.partner().send(bytes_of(ConstSpan(additive_share)));
    });
    if (role == 0) continue;
    nearly.at(done, nearly.ahead(), [&](const Piece& piece) {
      nearly.add_theirs(piece);  // the common component is b now
      nearly.join(piece, nearly.common(piece));
    });
    nearly.at(done, 2 * nearly.ahead(), [&](const Piece& piece) { nearly.add_theirs(piece); });
  }
}

void require_shift(int shift) {
  require(shift >= 1 && shift <= 62, "truncate_probabilistic: shift outside 1..62");
}

}  // namespace

Arith Rep3::truncate_probabilistic(const Arith& x, int shift) {
  require_shift(shift);
  Arith answer(2, x.size());
  lanes_.split_rows(
      x.size(), [&](Party& party, Range rows) { truncate_rows(party, x, rows, shift, answer); });
  lanes_.count_rounds(2);
  return answer;
}

Arith Rep3::mul_truncate_probabilistic(const Arith& x, const Arith& y, int shift) {
  require_shift(shift);
  require(x.size() == y.size(), "mul_truncate_probabilistic: columns of different length");
  Arith answer(2, x.size());
  lanes_.split_rows(
      x.size(), [&](Party& party, Range rows) { multiply_rows(party, x, y, rows, shift, answer); });
  lanes_.count_rounds(2);
  return answer;
}

}  // namespace polder
