// One node's side of rep3 in a test.
#pragma once

#include <memory>

#include "protocol/registry.h"
#include "protocol/testing/every_protocol.h"

namespace polder::testing {

/// A key of one byte, for runs that must repeat.
Key fixed_key(std::uint8_t byte);

/// Every party expands the dealer's seeds and so computes the same splitting; each takes its own
/// components.
class Rep3Party final : public Party {
 public:
  using MakeProtocol = std::function<std::unique_ptr<Protocol>(Outbox&)>;

  Rep3Party(int role, Seeds dealer, const MakeProtocol& make)
      : role_(role), mpc_(make(outbox_)), seeds_(std::move(dealer)) {}

  Protocol& mpc() override { return *mpc_; }
  Arith input(std::span<const std::uint64_t> values) override;
  Bits input_bits(std::span<const std::uint64_t> rows, std::size_t n, int width) override;
  int role() const override { return role_; }
  KeepingOutbox& outbox() override { return outbox_; }

 private:
  Sent sent(Words data);

  int role_;
  KeepingOutbox outbox_;
  std::unique_ptr<Protocol> mpc_;
  Seeds seeds_;
  Words data_;
  int inputs_ = 0;
};

}  // namespace polder::testing
