#include "protocol/registry.h"

#include "base/error.h"
#include "protocol/rep3/keys.h"
#include "protocol/rep3/rep3.h"
#include "protocol/rep3/split.h"

namespace polder {

Words split_bits(const PlainBits& values, const Seeds& seeds, std::string_view column) {
  return rep3::third_component(values.words(), seeds, column, rep3::Kind::bits);
}

Words split_arith(std::span<const std::uint64_t> values, const Seeds& seeds,
                  std::string_view column) {
  return rep3::third_component(values, seeds, column, rep3::Kind::sum);
}

Bits node_bits(int role, BitShape shape, const Sent& sent, std::string_view column) {
  return Bits(shape, rep3::node_components(role, shape.words(), sent, column));
}

Arith node_arith(int role, std::size_t n, const Sent& sent, std::string_view column) {
  return Arith(rep3::node_components(role, n, sent, column));
}

PlainBits reconstruct(std::span<const Bits, node_count> shares) {
  const BitShape shape = shares[0].shape();
  std::array<rep3::NodeShares, node_count> nodes;
  for (std::size_t i = 0; i < node_count; ++i) {
    if (shares[i].shape() != shape)
      fail(Code::cheating, "the nodes' results differ in size; do not trust this run");
    nodes[i] = {shares[i].component(0), shares[i].component(1)};
  }
  return PlainBits(shape, rep3::put_together(nodes, rep3::Kind::bits));
}

Words reconstruct(std::span<const Arith, node_count> shares) {
  std::array<rep3::NodeShares, node_count> nodes;
  for (std::size_t i = 0; i < node_count; ++i)
    nodes[i] = {shares[i].component(0), shares[i].component(1)};
  return rep3::put_together(nodes, rep3::Kind::sum);
}

std::unique_ptr<Protocol> make_protocol(std::string_view name, std::span<Mesh* const> lanes,
                                        Outbox& outbox) {
  if (name != "rep3") fail(Code::bad_input, "there is no protocol '{}'; known: rep3", name);
  require(!lanes.empty(), "a protocol runs on one lane or more");
  Mesh& mesh = *lanes[0];
  const rep3::SessionKeys keys = rep3::agree_on_keys(mesh);
  auto protocol = std::make_unique<Rep3>(lanes, keys.own, keys.next, outbox);
  protocol->set_schedule(rep3::agree_on_schedule(mesh));
  return protocol;
}

}  // namespace polder
