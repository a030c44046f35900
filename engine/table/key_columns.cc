#include "table/key_columns.h"

#include "ops/arithmetic/convert.h"

namespace polder {
namespace {

Sign sign_of(const Type& type) { return type.is_signed() ? Sign::with : Sign::without; }

int common_width(const Type& x, const Type& y) {
  if (!x.is_stored_number()) return std::max(x.width(), y.width());
  return hull(x.bounds, y.bounds).width();
}

KeySide side(Protocol& mpc, const Frame& frame, const Names& on, const std::vector<int>& widths) {
  std::vector<Bits> parts;
  std::optional<Bits> valid = frame.valid;
  for (std::size_t i = 0; i < on.size(); ++i) {
    const Series& series = *frame.at(on[i]);
    parts.push_back(widened(mpc, series, widths[i]));
    valid = present(mpc, valid, series);
  }
  std::vector<const Bits*> columns;
  for (const Bits& part : parts) columns.push_back(&part);
  return {join_bits(columns), bits_or_all(mpc, valid, frame.rows)};
}

}  // namespace

bool keys_match(const Type& left, const Type& right) {
  return comparable(left, right) && left.scale == right.scale && left.kind != TypeKind::fixed;
}

Bits widened(Protocol& mpc, const Series& series, int width) {
  const Bits& bits = series.bits(mpc);
  if (series.type().is_stored_number()) return resize(mpc, bits, width, sign_of(series.type()));
  if (bits.width() == width) return bits;
  // The end of a text is its lowest bits.
  const Bits zeros = mpc.constant(bits.size(), 1, 0);
  const Bits fill = repeat_bit(zeros, width - bits.width());
  return join_bits({&fill, &bits});
}

KeyColumns key_columns(Protocol& mpc, const Frame& left, const Names& left_on, const Frame& right,
                       const Names& right_on) {
  std::vector<int> widths;
  for (std::size_t i = 0; i < left_on.size(); ++i)
    widths.push_back(common_width(left.at(left_on[i])->type(), right.at(right_on[i])->type()));
  return {{side(mpc, left, left_on, widths), side(mpc, right, right_on, widths)}};
}

}  // namespace polder
