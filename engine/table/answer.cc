#include "table/answer.h"

#include "base/error.h"

namespace polder {

const SeriesPointer& Frame::at(std::string_view name) const {
  for (const auto& [known, series] : columns) {
    if (known == name) return series;
  }
  require(false, "a column that was checked is not there");
  return columns.front().second;
}

AnswerPointer answer_series(Series series, std::optional<Bits> valid) {
  Frame frame{series.size(), std::move(valid), {}};
  return std::make_shared<const Answer>(
      Answer{Form::series, std::move(frame), share(std::move(series))});
}

AnswerPointer answer_value(Series series) {
  require(series.size() == 1, "a value has one row");
  return std::make_shared<const Answer>(Answer{Form::value, {1, {}, {}}, share(std::move(series))});
}

std::optional<Bits> valid_in_both(Protocol& mpc, const std::optional<Bits>& x,
                                  const std::optional<Bits>& y) {
  if (!x) return y;
  if (!y) return x;
  return mpc.bit_and(*x, *y);
}

std::optional<Bits> present(Protocol& mpc, const std::optional<Bits>& valid, const Series& series) {
  if (series.null() == nullptr) return valid;
  return valid_in_both(mpc, valid, mpc.bit_not(*series.null()));
}

Bits bits_or_all(Protocol& mpc, const std::optional<Bits>& bits, std::size_t n) {
  return bits ? *bits : mpc.constant(n, 1, 1);
}

}  // namespace polder
