#include "table/series.h"

#include <algorithm>

#include "base/error.h"
#include "ops/arithmetic/convert.h"

namespace polder {
namespace {

Sign sign_of(const Type& type) { return type.is_signed() ? Sign::with : Sign::without; }

}  // namespace

const Arith& Series::number(Protocol& mpc) const {
  require(type_.is_stored_number(), "a column that is no number has no sums");
  if (!number_) number_ = to_arith(mpc, *bits_, sign_of(type_));
  return *number_;
}

const Bits& Series::bits(Protocol& mpc) const {
  if (!bits_) bits_ = to_bits(mpc, *number_, type_.width());
  return *bits_;
}

Series& Series::set_null(std::optional<Bits> null) {
  type_.null = null.has_value();
  null_ = std::move(null);
  return *this;
}

Series& Series::set_behind(std::vector<Count> behind) {
  behind_ = std::move(behind);
  return *this;
}

Series& Series::set_known(Words words) {
  known_ = std::move(words);
  return *this;
}

std::vector<Count> behind_both(const Series& x, const Series& y) {
  std::vector<Count> all = x.behind();
  for (const Count& count : y.behind()) {
    if (std::ranges::find(all, count) == all.end()) all.push_back(count);
  }
  return all;
}

Series spread(Protocol& mpc, const Series& value, std::size_t n) {
  require(value.size() == 1, "only one value can be spread");
  const Indices first(n, 0);
  const auto all = [&](const auto& x) { return gather(mpc.workers(), x, first); };
  std::optional<Series> series;
  if (value.has_number() && value.has_bits()) {
    series.emplace(value.type(), all(value.number(mpc)), all(value.bits(mpc)));
  } else if (value.has_number()) {
    series.emplace(value.type(), all(value.number(mpc)));
  } else {
    series.emplace(value.type(), all(value.bits(mpc)));
  }
  if (value.null() != nullptr) series->set_null(all(*value.null()));
  std::vector<Count> behind;
  for (const Count& count : value.behind())
    behind.push_back(std::make_shared<const Arith>(all(*count)));
  series->set_behind(std::move(behind));
  if (value.known()) series->set_known(*value.known());
  return std::move(*series);
}

}  // namespace polder
