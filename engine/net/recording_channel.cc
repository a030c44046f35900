#include "net/recording_channel.h"

namespace polder {

void Recording::note(const std::string& line, Direction direction,
                     std::span<const std::uint8_t> payload) {
  frames_.push_back({line, direction, payload.size()});
  Way& way = ways_[index(direction)];
  if (keep_ == Keep::lengths) return;
  const std::array<std::uint64_t, 1> length{payload.size()};
  way.hash = Hasher<32>().add(way.hash).add(bytes_of(std::span(length))).add(payload).finish();
  if (keep_ == Keep::bytes) way.bytes.insert(way.bytes.end(), payload.begin(), payload.end());
}

void RecordingChannel::send(std::span<const std::uint8_t> payload) {
  recording_.note(line_, Recording::Direction::sent, payload);
  inner_.send(payload);
}

void RecordingChannel::receive(std::span<std::uint8_t> payload) {
  inner_.receive(payload);
  recording_.note(line_, Recording::Direction::received, payload);
}

}  // namespace polder
