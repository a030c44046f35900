// One lane of a node's side of a run: its place in the ring, the keys it shares with its
// neighbours, and how a product's components go round. Belongs to one thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "net/mesh.h"
#include "protocol/rep3/kernels.h"
#include "protocol/rep3/pair.h"
#include "protocol/rep3/schedule.h"

namespace polder::rep3 {

class Party {
 public:
  /// `own` is shared with the previous node (component `role` is held by both), `next` with the
  /// next.
  Party(Mesh& mesh, const Key& own, const Key& next) : mesh_(mesh), own_(own), next_(next) {}

  int role() const { return mesh_.role(); }
  Channel& to_next() { return mesh_.next(); }
  Channel& to_prev() { return mesh_.prev(); }
  Pair& own() { return own_; }
  Pair& next() { return next_; }
  Schedule& schedule() { return schedule_; }

  std::uint64_t bytes_sent() const { return mesh_.traffic().bytes_sent; }
  /// Returns when all that was sent has left.
  void flush() { mesh_.flush(); }

  /// Masks of the next n <= mask_words words of a product; valid until the next call.
  static constexpr std::size_t mask_words = 2048;
  Mask mask(std::size_t n) {
    own_.zero.fill(std::span(own_mask_).first(n));
    next_.zero.fill(std::span(next_mask_).first(n));
    return {own_mask_.data(), next_mask_.data()};
  }

  /// Calls local(first, count, mask) for consecutive stretches of at most mask_words words.
  template <typename Local>
  void masked(std::size_t first, std::size_t count, Local&& local) {
    for (std::size_t done = 0; done < count; done += mask_words) {
      const std::size_t n = std::min(mask_words, count - done);
      local(first + done, n, mask(n));
    }
  }

  /// One round of a whole column: `local(first, count)` computes that part of component 0, which
  /// goes to the previous node while the next part is computed; component 1 comes from the next
  /// node.
  template <typename Local>
  void pass_back(std::span<std::uint64_t> first, std::span<std::uint64_t> second, Local&& local);

 private:
  Mesh& mesh_;
  Pair own_, next_;
  Schedule schedule_;
  std::array<std::uint64_t, mask_words> own_mask_, next_mask_;
};

template <typename Local>
void Party::pass_back(std::span<std::uint64_t> first, std::span<std::uint64_t> second,
                      Local&& local) {
  const std::size_t piece = schedule_.piece_words, ahead = piece * schedule_.pieces_in_flight;
  const auto part = [&](std::span<std::uint64_t> words, std::size_t from) {
    return bytes_of(words.subspan(from, std::min(piece, words.size() - from)));
  };
  for (std::size_t from = 0; from < first.size() + ahead; from += piece) {
    if (from < first.size()) {
      local(from, std::min(piece, first.size() - from));
      to_prev().send(part(first, from));
    }
    if (from >= ahead && from - ahead < second.size())
      to_next().receive(part(second, from - ahead));
  }
}

}  // namespace polder::rep3
