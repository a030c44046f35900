#include "protocol/testing/every_protocol.h"

#include "net/testing/memory_channel.h"
#include "protocol/cleartext/cleartext.h"
#include "protocol/testing/rep3_party.h"

namespace polder::testing {
namespace {

class CleartextParty final : public Party {
 public:
  CleartextParty() : mpc_(Key::random(), outbox_) {}
  Protocol& mpc() override { return mpc_; }
  Arith input(std::span<const std::uint64_t> values) override { return mpc_.constant(values); }
  Bits input_bits(std::span<const std::uint64_t> rows, std::size_t n, int width) override {
    return mpc_.constant(PlainBits::of_rows(rows, n, width));
  }
  int role() const override { return 0; }
  KeepingOutbox& outbox() override { return outbox_; }

 private:
  KeepingOutbox outbox_;
  Cleartext mpc_;
};

Delivered run_cleartext(const std::function<void(Party&)>& work) {
  CleartextParty party;
  work(party);
  Delivered delivered;
  for (const auto& [key, shares] : party.outbox().sums) {
    delivered.sums[key] = Words(shares.component(0).begin(), shares.component(0).end());
  }
  for (const auto& [key, shares] : party.outbox().bits) {
    delivered.bits[key] =
        PlainBits(shares.shape(), Words(shares.component(0).begin(), shares.component(0).end()));
  }
  delivered.costs = {party.mpc().costs()};
  return delivered;
}

constexpr std::string_view on_lanes = "rep3_on_lanes_";

Delivered run_rep3(std::size_t lanes, const std::function<void(Party&)>& work) {
  std::array<KeepingOutbox, node_count> outboxes;
  Delivered delivered;
  delivered.costs.resize(node_count);
  run_parties_on_lanes(lanes, [&](std::span<Mesh* const> meshes) {
    const int role = meshes[0]->role();
    Rep3Party party(role, {fixed_key(1), fixed_key(2)},
                    [&](Outbox& outbox) { return make_protocol("rep3", meshes, outbox); });
    work(party);
    outboxes[static_cast<std::size_t>(role)] = party.outbox();
    delivered.costs[static_cast<std::size_t>(role)] = party.mpc().costs();
  });
  for (const auto& [key, shares] : outboxes[0].sums) {
    delivered.sums[key] =
        reconstruct(std::array{shares, outboxes[1].sums.at(key), outboxes[2].sums.at(key)});
  }
  for (const auto& [key, shares] : outboxes[0].bits) {
    delivered.bits[key] =
        reconstruct(std::array{shares, outboxes[1].bits.at(key), outboxes[2].bits.at(key)});
  }
  return delivered;
}

}  // namespace

std::vector<std::string> every_protocol() { return {"cleartext", "rep3", rep3_on_lanes(3)}; }

std::string rep3_on_lanes(std::size_t lanes) {
  return std::string(on_lanes) + std::to_string(lanes);
}

Delivered run(const std::string& protocol, const std::function<void(Party&)>& work) {
  if (protocol == "cleartext") return run_cleartext(work);
  if (!protocol.starts_with(on_lanes)) return run_rep3(1, work);
  return run_rep3(std::stoul(protocol.substr(on_lanes.size())), work);
}

}  // namespace polder::testing
