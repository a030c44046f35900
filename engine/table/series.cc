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
  return picked(mpc, value, [&](const auto& x) { return gather(mpc.workers(), x, first); });
}

}  // namespace polder
