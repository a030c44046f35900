#include "net/note.h"

#include <algorithm>
#include <string>

#include "crypto/hex.h"

namespace polder {

Binding unbound(const Ends& ends) { return {{}, ends.self, ends.peer, ends.peer_name}; }

bool send_note(Transport& line, const Ends& ends, const Note& note) {
  std::array<std::uint8_t, NoteReader::payload_bytes> payload{};
  payload[0] = static_cast<std::uint8_t>(note.kind);
  std::ranges::copy(note.id, payload.begin() + 16);
  const HeaderBytes head = encode(outgoing(unbound(ends), payload.size(), 0));
  return line.write(head, payload).bytes == head.size() + payload.size();
}

void send_refusal(Transport& line, const Binding& binding, Code code, std::string_view why) noexcept
    try {
  const Bytes payload = abort_payload(code, why);
  line.write(encode(abort_header(binding, payload.size())), payload);
} catch (const std::exception&) {
  return;  // the line is closed anyway
}

std::optional<Note> NoteReader::read(Transport& line, const Ends& ends) {
  const Header expected = incoming(unbound(ends), payload_bytes, 0);
  fill(line, ends, header_bytes);
  if (done_ < header_bytes) return {};
  HeaderBytes head;
  std::copy_n(bytes_.begin(), header_bytes, head.begin());
  const Header got = decode(head);
  const bool aborted = is_abort(expected, got, ends.shown());
  if (!aborted) expect(expected, got, ends.shown());
  fill(line, ends, header_bytes + got.length);
  if (done_ < header_bytes + got.length) return {};
  const auto payload = std::span(bytes_).subspan(header_bytes, got.length);
  if (aborted) throw_aborted(ends.shown(), payload);

  done_ = 0;
  Note note{static_cast<NoteKind>(payload[0]), {}};
  std::copy_n(payload.begin() + 16, note.id.size(), note.id.begin());
  return note;
}

std::optional<Note> NoteReader::read(Transport& line, const Ends& ends, NoteKind due) {
  const auto note = read(line, ends);
  if (note) check_kind(*note, due, ends);
  return note;
}

void NoteReader::fill(Transport& line, const Ends& ends, std::size_t bytes) {
  while (done_ < bytes) {
    const auto moved = line.read(std::span(bytes_).subspan(done_, bytes - done_), {});
    if (moved.ended) fail(Code::peer_lost, "no line to {}: {}", ends.shown(), line.why_ended());
    if (moved.bytes == 0) return;
    done_ += moved.bytes;
  }
}

void check_kind(const Note& note, NoteKind due, const Ends& ends) {
  if (note.kind == due) return;
  fail(Code::cheating, "{} sent note {} where {} is due", ends.shown(), static_cast<int>(note.kind),
       static_cast<int>(due));
}

void check_network(const NetworkId& ours, const Note& note, const Ends& ends) {
  if (note.id == ours) return;
  fail(Code::forbidden, "{} belongs to network {}, this node to {}; give both one network file",
       ends.shown(), to_hex(note.id), to_hex(ours));
}

}  // namespace polder
