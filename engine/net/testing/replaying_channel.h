// A connection of one node that runs alone: it receives what was recorded in an earlier run with
// the same keys and data, and what it sends goes nowhere. So one node's work can be looked at by
// itself.
#pragma once

#include <algorithm>

#include "net/channel.h"

namespace polder {

class ReplayingChannel final : public Channel {
 public:
  /// `left`: of all that the node received, in order; its connections share it.
  explicit ReplayingChannel(std::span<const std::uint8_t>& left) : left_(left) {}

  void send(std::span<const std::uint8_t> payload) override {
    traffic_.bytes_sent += payload.size();
    ++traffic_.frames_sent;
  }
  void receive(std::span<std::uint8_t> payload) override {
    require(payload.size() <= left_.size(), "the node asks for more than was recorded");
    std::copy_n(left_.begin(), payload.size(), payload.begin());
    left_ = left_.subspan(payload.size());
    traffic_.bytes_received += payload.size();
    ++traffic_.frames_received;
  }
  void flush() override {}
  void abort(Code, std::string_view) noexcept override {}
  Traffic traffic() const override { return traffic_; }  // payloads only

 private:
  std::span<const std::uint8_t>& left_;
  Traffic traffic_;
};

}  // namespace polder
