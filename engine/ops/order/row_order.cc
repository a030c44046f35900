#include "ops/order/row_order.h"

#include "ops/order/moving_rows.h"

namespace polder {

std::vector<Column> RowOrder::apply(std::vector<Column> columns) const {
  MovingRows rows(mpc_.workers(), std::move(columns));
  rows.apply(*shuffle_);
  rows.pick(picked_);
  return std::move(rows).take();
}

std::vector<Column> RowOrder::invert(std::vector<Column> columns) const {
  MovingRows rows(mpc_.workers(), std::move(columns));
  rows.pick(inverse(mpc_.workers(), picked_));
  rows.invert(*shuffle_);
  return std::move(rows).take();
}

}  // namespace polder
