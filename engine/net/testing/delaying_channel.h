// A channel as it would be over a slower connection: what is sent arrives after half a round trip
// and after all that the node's uplink still had to carry. Both ends must be decorated, on one
// machine: the sender stamps each frame with its arrival by the machine's clock.
#pragma once

#include <mutex>

#include "net/channel.h"
#include "net/pump.h"

namespace polder {

/// What one node can send, over all its connections together. Thread-safe.
class Uplink {
 public:
  struct Options {
    Clock::duration round_trip;
    double bits_per_second;
  };
  explicit Uplink(const Options& options) : options_(options) {}

  /// When a frame of so many bytes that is sent now reaches its peer.
  Clock::time_point arrival(std::size_t bytes);

 private:
  const Options options_;
  std::mutex mutex_;
  Clock::time_point free_ = {};  // when the last byte so far has left
};

class DelayingChannel final : public Channel {
 public:
  DelayingChannel(Channel& inner, Uplink& uplink, Pump& pump)
      : inner_(inner), uplink_(uplink), pump_(pump) {}

  void send(std::span<const std::uint8_t> payload) override;
  /// Sleeps until the frame would have arrived, and moves output meanwhile.
  void receive(std::span<std::uint8_t> payload) override;
  void flush() override { inner_.flush(); }
  void abort(Code code, std::string_view why) noexcept override { inner_.abort(code, why); }
  Traffic traffic() const override { return traffic_; }  // without stamps

 private:
  Channel& inner_;
  Uplink& uplink_;
  Pump& pump_;
  Traffic traffic_;
};

}  // namespace polder
