// A channel that notes what passes: lengths and order for tests of obliviousness, hashes to tell
// whether two runs put the same bytes on the wire, or the bytes themselves.
#pragma once

#include <string>
#include <vector>

#include "crypto/hash.h"
#include "net/channel.h"

namespace polder {

/// What passed on the connections of one node, in order. Two recordings are equal if connections,
/// directions and lengths are.
class Recording {
 public:
  enum class Keep { lengths, hashes, bytes };
  enum class Direction { sent, received };
  struct Frame {
    std::string connection;
    Direction direction;
    std::size_t bytes;
    friend bool operator==(const Frame&, const Frame&) = default;
  };

  explicit Recording(Keep keep = Keep::lengths) : keep_(keep) {}

  void note(const std::string& connection, Direction direction,
            std::span<const std::uint8_t> payload);

  const std::vector<Frame>& frames() const { return frames_; }
  /// Of all payloads in this direction and their lengths; Keep::hashes or bytes.
  const Digest256& hash(Direction direction) const { return sides_[index(direction)].hash; }
  /// All payloads in this direction; Keep::bytes.
  const Bytes& bytes(Direction direction) const { return sides_[index(direction)].bytes; }

  friend bool operator==(const Recording& a, const Recording& b) { return a.frames_ == b.frames_; }

 private:
  struct Side {
    Digest256 hash = {};
    Bytes bytes = {};
  };
  static std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }

  Keep keep_;
  std::vector<Frame> frames_;
  std::array<Side, 2> sides_;
};

/// Notes into `recording`, which channels of one node may share, what passes on `inner`.
class RecordingChannel final : public Channel {
 public:
  RecordingChannel(Channel& inner, std::string connection, Recording& recording)
      : inner_(inner), connection_(std::move(connection)), recording_(recording) {}

  void send(std::span<const std::uint8_t> payload) override;
  void receive(std::span<std::uint8_t> payload) override;
  void flush() override { inner_.flush(); }
  void abort(Code code, std::string_view why) noexcept override { inner_.abort(code, why); }
  Traffic traffic() const override { return inner_.traffic(); }

 private:
  Channel& inner_;
  const std::string connection_;
  Recording& recording_;
};

}  // namespace polder
