#include "protocol/rep3/keys.h"

#include "crypto/hash.h"

namespace polder::rep3 {
namespace {

/// Of the part of the node whose number is the component's, then of the one before it.
Key joint_key(std::span<const std::uint8_t> holder, std::span<const std::uint8_t> before) {
  Digest128 raw = Hasher<16>().add("polder session key v1\n").add(holder).add(before).finish();
  Key key(raw);
  wipe(raw.data(), raw.size());
  return key;
}

Secret<16> received(Channel& from) {
  return Secret<16>::filled([&](Key::Raw& raw) { from.receive(raw); });
}

}  // namespace

SessionKeys agree_on_keys(Mesh& mesh, const KeyParts& parts) {
  mesh.prev().send(parts.own.raw());
  mesh.next().send(parts.next.raw());
  const Secret<16> of_next = received(mesh.next()), of_prev = received(mesh.prev());
  return {.own = joint_key(parts.own.raw(), of_prev.raw()),
          .next = joint_key(of_next.raw(), parts.next.raw())};
}

}  // namespace polder::rep3
