// An ordered, private stream of frames to one peer, for one session. Both ends know every length
// beforehand, so nothing is ever allocated because of what a peer sent.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/memory.h"

namespace polder {

/// The 16 random bytes that name a session.
using SessionId = std::array<std::uint8_t, 16>;

/// A peer in messages: by its name if it has one, else by its role.
inline std::string shown_peer(std::uint8_t role, std::string_view name) {
  return name.empty() ? fmt::format("node {}", role) : std::string(name);
}

/// What every frame of a channel is bound to: the session, and the roles of its two ends.
struct Binding {
  SessionId session;
  std::uint8_t self;
  std::uint8_t peer;
  std::string peer_name = {};  // for messages, e.g. "bank 'eem'"; empty: "node 1"

  std::string shown() const { return shown_peer(peer, peer_name); }
};

struct Traffic {
  std::uint64_t bytes_sent = 0;  // payload and frame headers, before TLS
  std::uint64_t bytes_received = 0;
  std::uint64_t frames_sent = 0;
  std::uint64_t frames_received = 0;
};

constexpr Traffic operator+(const Traffic& a, const Traffic& b) {
  return {a.bytes_sent + b.bytes_sent, a.bytes_received + b.bytes_received,
          a.frames_sent + b.frames_sent, a.frames_received + b.frames_received};
}

/// One end of a connection. Not thread-safe: it belongs to the session's thread.
class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;

  /// Sends one frame and returns as soon as `payload` may be reused, without waiting for the peer
  /// to receive: what the connection does not take now is copied and goes out while this thread
  /// receives or flushes. So any order of sends and receives that endless queues would allow is
  /// free of deadlock; socket_channel.h says why, and what bounds the memory. Throws Error
  /// peer_lost, peer_aborted, cancelled; bad_input from 4 GiB on.
  virtual void send(std::span<const std::uint8_t> payload) = 0;

  /// As `send`, without the copy: `payload` must stay as it is until `detach`. See `exchange` in
  /// mesh.h.
  virtual void send_borrowed(std::span<const std::uint8_t> payload) { send(payload); }

  /// Ends all loans: what has not gone out yet is copied.
  virtual void detach() noexcept {}

  /// Receives one frame of exactly payload.size() bytes, straight into `payload` (which holds
  /// anything if this throws). Sleeps until it is there and meanwhile moves what the session's
  /// channels still have to send.  Throws Error peer_lost (broken connection), peer_aborted (the
  /// peer said why), cheating (a frame of another session, sender, step or length; the message
  /// names both), timed_out, cancelled.
  virtual void receive(std::span<std::uint8_t> payload) = 0;

  /// Returns when all that was sent has left this process. Throws as `receive` does.
  virtual void flush() = 0;

  /// Tells the peer, best effort and without waiting, that this end stops the session; the peer's
  /// next receive throws peer_aborted with this code and text. No secrets in `why`.
  virtual void abort(Code code, std::string_view why) noexcept = 0;

  virtual Traffic traffic() const = 0;

  void send_words(std::span<const std::uint64_t> words) { send(bytes_of(words)); }
  void receive_words(std::span<std::uint64_t> words) { receive(bytes_of(words)); }
};

}  // namespace polder
