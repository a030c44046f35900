// One of the three processes, as a row sees it: its protocol, and values that all three know, which
// it can share and open.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/bare_ring.h"
#include "crypto/stream.h"
#include "net/mesh.h"
#include "protocol/protocol.h"

namespace polder::bench {

/// Plain values; not from the pool, whose peak is measured.
using Values = std::vector<std::uint64_t>;

/// Keeps a recipient's shares; the next run's replace them.
struct KeepingOutbox final : Outbox {
  void deliver(const Recipient& to, const Arith& shares) override { sums[key(to)] = shares; }
  void deliver(const Recipient& to, const Bits& shares) override { bits[key(to)] = shares; }
  static std::string key(const Recipient& to) { return to.name + "/" + to.label; }

  std::map<std::string, Arith> sums;
  std::map<std::string, Bits> bits;
};

class Node {
 public:
  /// One mesh a lane.
  Node(std::span<Mesh* const> lanes, const BareRing& bare);

  /// Of the first lane.
  Mesh& mesh() { return mesh_; }
  const BareRing& bare() const { return bare_; }
  Protocol& mpc() { return *mpc_; }
  int role() const { return mesh_.role(); }

  /// Uniform numbers of `width` bits, other ones at each call, the same at all nodes.
  Values random(std::size_t n, int width = 64);

  /// This node's components of values that all nodes know.
  Arith share(std::span<const std::uint64_t> values);
  /// n rows of ceil(width / 64) words each.
  Bits share_bits(std::span<const std::uint64_t> rows, int width);

  Values open(const Arith& x) { return plain(mpc_->open(x, all_nodes)); }
  /// Of at most 64 bits a row.
  Values open(const Bits& x) { return plain(mpc_->open(x, all_nodes).rows()); }

  /// n rows that `row_of(i, words)` fills, ceil(width / 64) words each, of which the low bits
  /// count. Some blocks at a time, so that the plain rows take no memory.
  using RowOf = std::function<void(std::size_t i, std::span<std::uint64_t> words)>;
  Bits share_bits(std::size_t n, int width, const RowOf& row_of);

  /// What the last run opened to a recipient.
  PlainBits delivered(const std::string& name, const std::string& label) {
    return mpc_->open(outbox_.bits.at(name + "/" + label), all_nodes);
  }

  /// Returns once all three nodes are here.
  void meet();

 private:
  static Values plain(const Words& words) { return Values(words.begin(), words.end()); }
  Key next_key();

  Mesh& mesh_;
  const BareRing& bare_;
  KeepingOutbox outbox_;
  std::unique_ptr<Protocol> mpc_;
  std::uint64_t used_keys_ = 0;
};

/// Throws Error internal unless `right`.
void expect_right(bool right);

}  // namespace polder::bench
