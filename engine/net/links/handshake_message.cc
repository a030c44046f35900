#include "net/links/handshake_message.h"

#include <algorithm>
#include <string>

#include "crypto/hex.h"

namespace polder {

Binding unbound(const Ends& ends) { return {{}, ends.self, ends.peer, ends.peer_name}; }

bool send_handshake(Transport& connection, const Ends& ends, const HandshakeMessage& message) {
  std::array<std::uint8_t, HandshakeReader::payload_bytes> payload{};
  payload[0] = static_cast<std::uint8_t>(message.kind);
  std::ranges::copy(message.id, payload.begin() + 16);
  const HeaderBytes head = encode(outgoing(unbound(ends), payload.size(), 0));
  return connection.write(head, payload).bytes == head.size() + payload.size();
}

void send_refusal(Transport& connection, const Binding& binding, Code code,
                  std::string_view why) noexcept try {
  const Bytes payload = abort_payload(code, why);
  connection.write(encode(abort_header(binding, payload.size())), payload);
} catch (const std::exception&) {
  return;  // the connection is closed anyway
}

std::optional<HandshakeMessage> HandshakeReader::read(Transport& connection, const Ends& ends) {
  const Header expected = incoming(unbound(ends), payload_bytes, 0);
  fill(connection, ends, header_bytes);
  if (done_ < header_bytes) return {};
  HeaderBytes head;
  std::copy_n(bytes_.begin(), header_bytes, head.begin());
  const Header got = decode(head);
  const bool aborted = is_abort(expected, got, ends.shown());
  if (!aborted) expect(expected, got, ends.shown());
  fill(connection, ends, header_bytes + got.length);
  if (done_ < header_bytes + got.length) return {};
  const auto payload = std::span(bytes_).subspan(header_bytes, got.length);
  if (aborted) throw_aborted(ends.shown(), payload);

  done_ = 0;
  HandshakeMessage message{static_cast<HandshakeKind>(payload[0]), {}};
  std::copy_n(payload.begin() + 16, message.id.size(), message.id.begin());
  return message;
}

std::optional<HandshakeMessage> HandshakeReader::read(Transport& connection, const Ends& ends,
                                                      HandshakeKind due) {
  const auto message = read(connection, ends);
  if (message) check_kind(*message, due, ends);
  return message;
}

void HandshakeReader::fill(Transport& connection, const Ends& ends, std::size_t bytes) {
  while (done_ < bytes) {
    const auto moved = connection.read(std::span(bytes_).subspan(done_, bytes - done_), {});
    if (moved.ended)
      fail(Code::peer_lost, "no connection to {}: {}", ends.shown(), connection.why_ended());
    if (moved.bytes == 0) return;
    done_ += moved.bytes;
  }
}

void check_kind(const HandshakeMessage& message, HandshakeKind due, const Ends& ends) {
  if (message.kind == due) return;
  fail(Code::cheating, "{} sent handshake message {} where {} is due", ends.shown(),
       static_cast<int>(message.kind), static_cast<int>(due));
}

void check_network(const NetworkId& ours, const HandshakeMessage& message, const Ends& ends) {
  if (message.id == ours) return;
  fail(Code::forbidden, "{} belongs to network {}, this node to {}; give both one network file",
       ends.shown(), to_hex(message.id), to_hex(ours));
}

}  // namespace polder
