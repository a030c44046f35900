#include "ops/order/moving_rows.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace polder {
namespace {

bool is_bits(const Column& column) { return std::holds_alternative<Bits>(column); }

/// All Bits columns side by side, in their order.
Rows joined_rows(Workers& workers, const std::vector<Column>& columns) {
  std::vector<const Bits*> parts;
  for (const Column& column : columns) {
    if (is_bits(column)) parts.push_back(&std::get<Bits>(column));
  }
  return to_rows(workers, parts);
}

}  // namespace

MovingRows::MovingRows(Workers& workers, std::vector<Column> columns) : workers_(workers) {
  const std::size_t n = columns.empty() ? 0 : size(columns[0]);
  if (std::ranges::any_of(columns, is_bits)) moved_.push_back(joined_rows(workers, columns));
  int next_bit = 0;
  for (Column& column : columns) {
    require(size(column) == n, "moved columns differ in length");
    if (const Bits* part = std::get_if<Bits>(&column)) {
      require(part->width() > 0, "a moved column has no bits");
      places_.push_back({0, next_bit, part->width()});
      next_bit += part->width();
      column = Bits(part->components(), part->size(), 0);  // frees it
    } else {
      places_.push_back({moved_.size(), 0, 0});
      moved_.push_back(std::move(column));
    }
  }
}

void MovingRows::apply(Shuffle& shuffle) {
  if (!moved_.empty()) moved_ = shuffle.apply(std::exchange(moved_, {}));
}

void MovingRows::invert(Shuffle& shuffle) {
  if (!moved_.empty()) moved_ = shuffle.invert(std::exchange(moved_, {}));
}

void MovingRows::pick(std::span<const std::uint32_t> from) {
  for (Column& column : moved_) column = gather(workers_, column, from);
}

Column MovingRows::take_last() {
  const Place place = places_.back();
  places_.pop_back();
  Column last;
  if (place.width > 0) {  // its bits stay in the joined rows, unused
    last = bits(from_rows(workers_, std::get<Rows>(moved_[0])), place.first_bit, place.width);
  } else {
    std::swap(last, moved_.back());
    moved_.pop_back();
  }
  return last;
}

std::vector<Column> MovingRows::take() && {
  Bits joined;
  if (std::ranges::any_of(places_, [](const Place& place) { return place.width > 0; }))
    joined = from_rows(workers_, std::get<Rows>(std::exchange(moved_[0], Rows())));
  std::vector<Column> columns;
  for (const Place& place : places_) {
    if (place.width > 0) {
      columns.push_back(bits(joined, place.first_bit, place.width));
    } else {
      columns.push_back(std::move(moved_[place.column]));
    }
  }
  return columns;
}

}  // namespace polder
