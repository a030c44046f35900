// Bytes from the wire against a channel and against the reader of notes. Whatever comes, the end is
// a named error or a frame of the length that was due.
#include <unistd.h>

#include <cstdlib>

#include "net/note.h"
#include "net/socket_channel.h"

namespace {

using namespace polder;

void check(bool holds) {
  if (!holds) std::abort();
}

bool is_named(const Error& error) {
  return error.code() == Code::cheating || error.code() == Code::peer_lost ||
         error.code() == Code::peer_aborted;
}

void read_frames(Socket socket, std::size_t due) {
  Patience patience({.silence = std::chrono::seconds(1)});
  Pump pump(patience);
  SocketChannel channel(std::make_unique<PlainTransport>(std::move(socket)), {{}, 0, 1}, pump);
  Bytes payload(due);
  while (true) channel.receive(payload);
}

void read_notes(Socket socket) {
  PlainTransport line(std::move(socket));
  NoteReader reader;
  while (reader.read(line, {0, 1}, NoteKind::bind)) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 60'000) return 0;
  auto [ours, wire] = socket_pair();
  check(write(wire.descriptor(), data + 1, size - 1) == static_cast<ssize_t>(size - 1));
  { const Socket closed = std::move(wire); }
  try {
    if (data[0] == 255) {
      read_notes(std::move(ours));
    } else {
      read_frames(std::move(ours), data[0]);
    }
  } catch (const Error& error) {
    check(is_named(error));
  }
  return 0;
}
