#include "protocol/rep3/gates.h"

#include "base/error.h"

namespace polder::rep3 {

void Gates::start(std::size_t plane_words, std::size_t planes) {
  plane_words_ = plane_words;
  level_ = used_ = 0;
  if (first_.size() >= plane_words * planes) return;
  first_.resize(plane_words * planes);
  second_.resize(plane_words * planes);
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

namespace {

Wire at(Wire wire, std::size_t from) { return {wire.first + from, wire.second + from}; }

}  // namespace

Wire Gates::both(Wire x, Wire y) {
  return gate([=](std::uint64_t* z, std::size_t from, Mask mask, std::size_t n) {
    and_words(z, at(x, from), at(y, from), mask, n);
  });
}

Wire Gates::both_xor(Wire x, Wire y, Wire e) {
  return gate([=](std::uint64_t* z, std::size_t from, Mask mask, std::size_t n) {
    and_xor_words(z, at(x, from), at(y, from), e.first + from, mask, n);
  });
}

Wire Gates::either(Wire x, Wire y) {
  return gate([=](std::uint64_t* z, std::size_t from, Mask mask, std::size_t n) {
    or_words(z, at(x, from), at(y, from), mask, n);
  });
}

Wire Gates::select(Wire choose, Wire high, Wire low) {
  return gate([=](std::uint64_t* z, std::size_t from, Mask mask, std::size_t n) {
    select_words(z, at(choose, from), at(high, from), at(low, from), mask, n);
  });
}

Wire Gates::exclusive(Wire x, Wire y) {
  require(level_ == used_, "linear gates come before a level's products");
  const std::size_t offset = take();
  level_ = used_;
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
