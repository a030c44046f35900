#include "protocol/rep3/additive_shares.h"

#include "base/transpose.h"

namespace polder::rep3 {

void AdditiveShares::start(Party& party, const Arith& x, std::size_t first, std::size_t n,
                           int width, std::uint64_t offset) {
  role_ = party.role();
  width_ = width;
  plane_words_ = words_for_bits(n);
  const std::size_t words = plane_words_ * static_cast<std::size_t>(width);
  const auto planes = [&](const std::uint64_t* rows) {
    Words result(words);
    to_planes(rows, 1, n, width, result.data(), plane_words_);
    return result;
  };
  zero_.assign(words, 0);
  if (role_ == 0) {
    Words a(n);
    for (std::size_t i = 0; i < n; ++i)
      a[i] = x.component(0)[first + i] + x.component(1)[first + i] + offset;
    hidden_a_ = planes(a.data());
    stream_.resize(words);
    party.own().share.fill(stream_);
    for (std::size_t i = 0; i < words; ++i) hidden_a_[i] ^= stream_[i];
  }
  if (role_ == 1) {
    hidden_a_.resize(words);
    b_ = planes(x.component(1).data() + first);
  }
  if (role_ == 2) {
    stream_.resize(words);
    party.next().share.fill(stream_);
    b_ = planes(x.component(0).data() + first);
  }
}

void AdditiveShares::send(Party& party) {
  if (role_ == 0) party.to_next().send(bytes_of(std::span<const std::uint64_t>(hidden_a_)));
}

void AdditiveShares::receive(Party& party) {
  if (role_ == 1) party.to_prev().receive(bytes_of(std::span(hidden_a_)));
}

// Components: 0 is the stream (nodes 0 and 2), 1 is a ^ stream (nodes 0 and 1), 2 is b (nodes 1 and
// 2).

std::vector<Wire> AdditiveShares::a() const {
  if (role_ == 0) return wires(stream_, hidden_a_);
  if (role_ == 1) return wires(hidden_a_, zero_);
  return wires(zero_, stream_);
}

std::vector<Wire> AdditiveShares::b() const {
  if (role_ == 0) return wires(zero_, zero_);
  if (role_ == 1) return wires(zero_, b_);
  return wires(b_, zero_);
}

std::vector<Wire> AdditiveShares::exclusive() const {
  if (role_ == 0) return wires(stream_, hidden_a_);
  if (role_ == 1) return wires(hidden_a_, b_);
  return wires(b_, stream_);
}

std::vector<Wire> AdditiveShares::wires(const Words& first, const Words& second) const {
  std::vector<Wire> all;
  for (std::size_t i = 0; i < static_cast<std::size_t>(width_); ++i) {
    all.push_back({first.data() + i * plane_words_, second.data() + i * plane_words_});
  }
  return all;
}

}  // namespace polder::rep3
