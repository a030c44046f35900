#include "protocol/rep3/gates.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace polder::rep3 {

void Gates::start(std::size_t plane_words, std::size_t planes) {
  plane_words_ = plane_words;
  level_ = used_ = 0;
  if (first_.size() >= plane_words * planes) return;
  first_.resize(plane_words * planes);
  second_.resize(plane_words * planes);
}

void Gates::renew(std::size_t planes) {
  old_first_ = std::exchange(first_, Words(plane_words_ * planes));
  old_second_ = std::exchange(second_, Words(plane_words_ * planes));
  level_ = used_ = 0;
}

void Gates::forget() {
  old_first_ = Words();
  old_second_ = Words();
}

std::size_t Gates::take() {
  const std::size_t offset = used_;
  used_ += plane_words_;
  require(used_ <= first_.size(), "a batch has more gates than announced");
  return offset;
}

template <typename Kernel>
Wire Gates::gate(Kernel&& kernel) {
  const std::size_t offset = take();
  party_->masked(0, plane_words_, [&](std::size_t from, std::size_t n, Mask mask) {
    kernel(first_.data() + offset + from, from, mask, n);
  });
  return wire(offset);
}

template <typename Kernel>
Window Gates::window_gates(Kernel&& kernel) {
  constexpr std::size_t most = Party::mask_words / 2;
  const std::size_t value = take(), differ = take();
  for (std::size_t from = 0; from < plane_words_; from += most) {
    const std::size_t n = std::min(most, plane_words_ - from);
    const Mask mask = party_->mask(2 * n);
    kernel({first_.data() + value + from, first_.data() + differ + from}, from, mask,
           Mask{mask.own + n, mask.next + n}, n);
  }
  return {wire(value), wire(differ)};
}

namespace {

Wire at(Wire wire, std::size_t from) { return {wire.first + from, wire.second + from}; }
Place at(const Place& place, std::size_t from) { return {at(place.x, from), at(place.y, from)}; }
Window at(const Window& window, std::size_t from) {
  return {at(window.value, from), at(window.differ, from)};
}

}  // namespace

Wire Gates::bit_and(Wire x, Wire y) {
  return gate([=](std::uint64_t* z, std::size_t from, Mask mask, std::size_t n) {
    and_words(z, at(x, from), at(y, from), mask, n);
  });
}

Wire Gates::bit_or(Wire x, Wire y) {
  return gate([=](std::uint64_t* z, std::size_t from, Mask mask, std::size_t n) {
    or_words(z, at(x, from), at(y, from), mask, n);
  });
}

Wire Gates::select(Wire choose, Wire high, Wire low) {
  return gate([=](std::uint64_t* z, std::size_t from, Mask mask, std::size_t n) {
    select_words(z, at(choose, from), at(high, from), at(low, from), mask, n);
  });
}

Wire Gates::unequal(Place a, Place b) {
  return gate([=](std::uint64_t* z, std::size_t from, Mask mask, std::size_t n) {
    unequal_words(z, at(a, from), at(b, from), mask, n);
  });
}

Window Gates::join(Window high, Window low) {
  return window_gates([=](WindowOut z, std::size_t from, Mask value, Mask differ, std::size_t n) {
    join_windows(z, at(high, from), at(low, from), value, differ, n);
  });
}

Window Gates::join(Place high, Place low) {
  return window_gates([=](WindowOut z, std::size_t from, Mask value, Mask differ, std::size_t n) {
    join_places(z, at(high, from), at(low, from), value, differ, n);
  });
}

std::size_t Gates::take_linear() {
  require(level_ == used_, "linear gates come before a level's products");
  const std::size_t offset = take();
  level_ = used_;
  return offset;
}

Wire Gates::copy(Wire x) {
  const std::size_t offset = take_linear();
  std::copy_n(x.first, plane_words_, first_.data() + offset);
  std::copy_n(x.second, plane_words_, second_.data() + offset);
  return wire(offset);
}

Wire Gates::exclusive(Wire x, Wire y) {
  const std::size_t offset = take_linear();
  xor_words(first_.data() + offset, x.first, y.first, plane_words_);
  xor_words(second_.data() + offset, x.second, y.second, plane_words_);
  return wire(offset);
}

void Gates::send() {
  party_->to_prev().send(
      bytes_of(std::span<const std::uint64_t>(first_).subspan(level_, used_ - level_)));
}

void Gates::receive() {
  party_->to_next().receive(bytes_of(std::span(second_).subspan(level_, used_ - level_)));
  level_ = used_;
}

void Gates::send_open() {
  const auto part =
      bytes_of(std::span<const std::uint64_t>(first_).subspan(level_, used_ - level_));
  party_->to_prev().send(part);
  party_->to_next().send(part);
}

void Gates::receive_open(std::span<std::uint64_t> words) {
  const std::span<std::uint64_t> theirs = std::span(second_).subspan(level_, plane_words_);
  party_->to_next().receive(bytes_of(theirs));
  xor_words(words.data(), first_.data() + level_, theirs.data(), plane_words_);
  party_->to_prev().receive(bytes_of(theirs));
  for (std::size_t i = 0; i < plane_words_; ++i) words[i] ^= theirs[i];
  level_ = used_;
}

}  // namespace polder::rep3
