#include "net/testing/recording_channel.h"

namespace polder {

void Recording::note(const std::string& connection, Direction direction,
                     std::span<const std::uint8_t> payload) {
  frames_.push_back({connection, direction, payload.size()});
  Side& side = sides_[index(direction)];
  if (keep_ == Keep::lengths) return;
  const std::array<std::uint64_t, 1> length{payload.size()};
  side.hash = Hasher<32>().add(side.hash).add(bytes_of(std::span(length))).add(payload).finish();
  if (keep_ == Keep::bytes) side.bytes.insert(side.bytes.end(), payload.begin(), payload.end());
}

void RecordingChannel::send(std::span<const std::uint8_t> payload) {
  recording_.note(connection_, Recording::Direction::sent, payload);
  inner_.send(payload);
}

void RecordingChannel::receive(std::span<std::uint8_t> payload) {
  inner_.receive(payload);
  recording_.note(connection_, Recording::Direction::received, payload);
}

}  // namespace polder
