#include "bench/node.h"

#include <algorithm>
#include <cstring>

#include "base/bits.h"
#include "base/error.h"
#include "protocol/registry.h"

namespace polder::bench {

Node::Node(std::span<Mesh* const> lanes, const BareRing& bare)
    : mesh_(*lanes[0]), bare_(bare), mpc_(make_protocol("rep3", lanes, outbox_)) {}

// Known to all, which is right only for values that are no secret.
Key Node::next_key() {
  Key::Raw raw{};
  ++used_keys_;
  std::memcpy(raw.data(), &used_keys_, sizeof used_keys_);
  return Key(raw);
}

Values Node::random(std::size_t n, int width) {
  Values values(n);
  Stream(next_key()).fill(values);
  for (std::uint64_t& value : values) value &= low_bits(static_cast<std::size_t>(width));
  return values;
}

Arith Node::share(std::span<const std::uint64_t> values) {
  const Seeds seeds{next_key(), next_key()};
  const Words third = split_arith(values, seeds, "bench");
  return node_arith(role(), values.size(), {&seeds.first, &seeds.second, third}, "bench");
}

Bits Node::share_bits(std::span<const std::uint64_t> rows, int width) {
  const Seeds seeds{next_key(), next_key()};
  const std::size_t n = rows.size() / words_for_bits(static_cast<std::size_t>(width));
  const PlainBits plain = PlainBits::of_rows(rows, n, width);
  const Words third = split_bits(plain, seeds, "bench");
  return node_bits(role(), plain.shape(), {&seeds.first, &seeds.second, third}, "bench");
}

Bits Node::share_bits(std::size_t n, int width, const RowOf& row_of) {
  constexpr std::size_t at_once = 8 * BitShape::block_rows;
  const std::size_t row_words = words_for_bits(static_cast<std::size_t>(width));
  Bits shared(mpc_->components(), n, width);
  Values rows(std::min(at_once, n) * row_words);
  for (std::size_t first = 0; first < n; first += at_once) {
    const std::size_t count = std::min(at_once, n - first);
    const std::span<std::uint64_t> words = std::span(rows).first(count * row_words);
    for (std::size_t i = 0; i < count; ++i)
      row_of(first + i, words.subspan(i * row_words, row_words));
    const Bits part = share_bits(words, width);
    const std::size_t to = shared.shape().block_offset(first / BitShape::block_rows);
    for (int c = 0; c < part.components(); ++c)
      std::ranges::copy(part.component(c), shared.component(c).subspan(to).begin());
  }
  return shared;
}

// One round tells a node only that its neighbour is here.
void Node::meet() {
  std::uint64_t here = 0;
  for (int round = 0; round < 2; ++round) {
    exchange(mesh_.prev(), std::span<const std::uint64_t>(&here, 1), mesh_.next(),
             std::span(&here, 1));
  }
}

void expect_right(bool right) {
  if (!right) fail(Code::internal, "the opened answer differs from the plain computation");
}

}  // namespace polder::bench
