// What a node of a plan is on shares.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plan/operator.h"
#include "plan/shape.h"
#include "table/series.h"

namespace polder {

/// Rows with named columns. How many rows are valid, and which, is secret.
struct Frame {
  std::size_t rows = 0;
  std::optional<Bits> valid;  // [rows] of one bit; none: all
  std::vector<std::pair<std::string, SeriesPointer>> columns;

  /// There is one of that name (plan/check).
  const SeriesPointer& at(std::string_view name) const;
};

/// A frame; or a series, and of its frame the validity; or a value, of one row.
struct Answer {
  Form form = Form::frame;
  Frame frame;
  SeriesPointer series;
};

inline AnswerPointer answer(Frame frame) {
  return std::make_shared<const Answer>(Answer{Form::frame, std::move(frame), nullptr});
}
AnswerPointer answer_series(Series series, std::optional<Bits> valid);
AnswerPointer answer_value(Series series);

/// Rows that are valid in both.  1 round if both say.  Reveals nothing.
std::optional<Bits> valid_in_both(Protocol& mpc, const std::optional<Bits>& x,
                                  const std::optional<Bits>& y);
/// Valid, and not missing in the series.  As valid_in_both.
std::optional<Bits> present(Protocol& mpc, const std::optional<Bits>& valid, const Series& series);
/// All bits set where none are given.
Bits bits_or_all(Protocol& mpc, const std::optional<Bits>& bits, std::size_t n);

}  // namespace polder
