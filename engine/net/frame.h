// What travels on a connection: a 24-byte header and a payload. The receiver knows the one header
// that it expects and compares; it never allocates from what a header says.
#pragma once

#include "net/channel.h"

namespace polder {

inline constexpr std::size_t header_bytes = 24;
inline constexpr std::size_t max_frame_bytes = 0xffff'ffff;
inline constexpr std::size_t max_abort_bytes = 512;
inline constexpr std::uint8_t frame_version = 1;

enum class FrameKind : std::uint8_t { data = 1, abort = 2 };

/// As on the wire, little-endian.
struct Header {
  std::uint32_t length;  // of the payload
  FrameKind kind;
  std::uint8_t sender;
  std::uint8_t receiver;
  std::uint8_t version;
  std::uint64_t session;  // first half of the id
  std::uint64_t step;     // frames of this direction before this one
};
static_assert(sizeof(Header) == header_bytes);

using HeaderBytes = std::array<std::uint8_t, header_bytes>;

/// The header of a frame that this end sends, and of one that it expects from the peer.
Header outgoing(const Binding& binding, std::size_t payload_bytes, std::uint64_t step);
Header incoming(const Binding& binding, std::size_t payload_bytes, std::uint64_t step);

HeaderBytes encode(const Header& header);
Header decode(const HeaderBytes& bytes);

/// Throws Error cheating, naming `peer`, the first field that differs and both values.
void expect(const Header& expected, const Header& got, std::string_view peer);

/// Whether `got` is the peer's abort in the session of `expected`.  Throws Error cheating if it is
/// an abort, but of another session or sender, or too long.
bool is_abort(const Header& expected, const Header& got, std::string_view peer);

/// An abort's header and payload; text beyond the bound is cut.
Header abort_header(const Binding& binding, std::size_t payload_bytes);
Bytes abort_payload(Code code, std::string_view why);

/// What a peer wrote, as it may be shown: other than printable ASCII becomes '?'.
std::string printable(std::span<const std::uint8_t> text);

/// Throws Error peer_aborted with what the peer said, unprintable bytes replaced.
[[noreturn]] void throw_aborted(std::string_view peer, std::span<const std::uint8_t> payload);

}  // namespace polder
