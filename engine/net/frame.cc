#include "net/frame.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace polder {
namespace {

static_assert(std::endian::native == std::endian::little, "headers are little-endian");

std::uint64_t first_half(const SessionId& session) {
  std::uint64_t half;
  std::memcpy(&half, session.data(), sizeof half);
  return half;
}

template <typename Value>
void same(const Header& expected, std::string_view peer, const char* field, Value want, Value got) {
  if (want == got) return;
  fail(Code::cheating,
       "{} sent a frame with {} {} where {} is due (step {}); it runs another program, another "
       "plan, or cheats",
       peer, field, got, want, expected.step);
}

// Whatever the kind and step, a frame must come from the peer, for us, in this session.
void same_connection(const Header& expected, const Header& got, std::string_view peer) {
  same<int>(expected, peer, "version", expected.version, got.version);
  same<int>(expected, peer, "sender", expected.sender, got.sender);
  same<int>(expected, peer, "receiver", expected.receiver, got.receiver);
  same(expected, peer, "session", expected.session, got.session);
}

}  // namespace

std::string printable(std::span<const std::uint8_t> text) {
  std::string clean(text.begin(), text.end());
  std::ranges::replace_if(
      clean, [](char c) { return c < ' ' || c > '~'; }, '?');
  return clean;
}

Header outgoing(const Binding& binding, std::size_t payload_bytes, std::uint64_t step) {
  if (payload_bytes > max_frame_bytes) {
    fail(Code::bad_input, "a frame of {} bytes; at most {}, send it in pieces", payload_bytes,
         max_frame_bytes);
  }
  return {static_cast<std::uint32_t>(payload_bytes),
          FrameKind::data,
          binding.self,
          binding.peer,
          frame_version,
          first_half(binding.session),
          step};
}

Header incoming(const Binding& binding, std::size_t payload_bytes, std::uint64_t step) {
  return outgoing({binding.session, binding.peer, binding.self, {}}, payload_bytes, step);
}

HeaderBytes encode(const Header& header) { return std::bit_cast<HeaderBytes>(header); }
Header decode(const HeaderBytes& bytes) { return std::bit_cast<Header>(bytes); }

void expect(const Header& expected, const Header& got, std::string_view peer) {
  same_connection(expected, got, peer);
  same(expected, peer, "kind", static_cast<int>(expected.kind), static_cast<int>(got.kind));
  same(expected, peer, "step", expected.step, got.step);
  same(expected, peer, "length", expected.length, got.length);
}

bool is_abort(const Header& expected, const Header& got, std::string_view peer) {
  if (got.kind != FrameKind::abort) return false;
  same_connection(expected, got, peer);
  if (got.length > max_abort_bytes) {
    fail(Code::cheating, "{} sent an abort of {} bytes; at most {}", peer, got.length,
         max_abort_bytes);
  }
  return true;
}

Header abort_header(const Binding& binding, std::size_t payload_bytes) {
  Header header = outgoing(binding, payload_bytes, 0);
  header.kind = FrameKind::abort;
  return header;
}

Bytes abort_payload(Code code, std::string_view why) {
  const std::string text = fmt::format("{}\n{}", name(code), why);
  const auto length = static_cast<std::ptrdiff_t>(std::min(text.size(), max_abort_bytes));
  return Bytes(text.begin(), text.begin() + length);
}

void throw_aborted(std::string_view peer, std::span<const std::uint8_t> payload) {
  const auto line_end = std::ranges::find(payload, '\n');
  const auto code_size = static_cast<std::size_t>(line_end - payload.begin());
  const std::string code = printable(payload.first(code_size));
  const std::string why = printable(payload.subspan(std::min(code_size + 1, payload.size())));
  // It passes on what another one said, who is the one to name.
  if (code_named(code) == Code::peer_aborted && !why.empty()) throw Error(Code::peer_aborted, why);
  fail(Code::peer_aborted, "{} stopped the session: {} ({})", peer, why, name(code_named(code)));
}

}  // namespace polder
