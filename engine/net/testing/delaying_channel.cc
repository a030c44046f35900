#include "net/testing/delaying_channel.h"

#include <algorithm>

#include "net/frame.h"

namespace polder {

Clock::time_point Uplink::arrival(std::size_t bytes) {
  const std::chrono::duration<double> busy(static_cast<double>(bytes) * 8 /
                                           options_.bits_per_second);
  const std::lock_guard lock(mutex_);
  free_ = std::max(free_, Clock::now()) + std::chrono::duration_cast<Clock::duration>(busy);
  return free_ + options_.round_trip / 2;
}

void DelayingChannel::send(std::span<const std::uint8_t> payload) {
  const std::size_t bytes = header_bytes + payload.size();
  const auto arrival = uplink_.arrival(bytes).time_since_epoch();
  const std::array<std::uint64_t, 1> stamp{static_cast<std::uint64_t>(arrival.count())};
  inner_.send_words(stamp);
  inner_.send(payload);
  traffic_.bytes_sent += bytes;
  ++traffic_.frames_sent;
}

void DelayingChannel::receive(std::span<std::uint8_t> payload) {
  std::array<std::uint64_t, 1> stamp;
  inner_.receive_words(stamp);
  inner_.receive(payload);
  pump_.rest_until(Clock::time_point(Clock::duration(stamp[0])));
  traffic_.bytes_received += header_bytes + payload.size();
  ++traffic_.frames_received;
}

}  // namespace polder
