// Bytes from the wire against a channel and against the reader of notes. Whatever comes, the end is
// a named error or a frame of the length that was due.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "net/links/handshake_message.h"
#include "net/socket_channel.h"

namespace {

using namespace polder;

const Binding peer{{}, 1, 0};

void check(bool holds) {
  if (!holds) std::abort();
}

bool is_named(const Error& error) {
  return error.code() == Code::cheating || error.code() == Code::peer_lost ||
         error.code() == Code::peer_aborted;
}

// Turns the input into a stream of frames that are right but for what the input changes.
class Wire {
 public:
  Wire(std::span<const std::uint8_t> input, std::size_t due) : input_(input), due_(due) {}

  Bytes write() {
    while (!input_.empty() && out_.size() < 32'000) write_piece();
    return std::move(out_);
  }

 private:
  std::uint8_t next() {
    if (input_.empty()) return 0;
    const std::uint8_t byte = input_[0];
    input_ = input_.subspan(1);
    return byte;
  }

  void raw(std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) out_.push_back(next());
  }

  void write_piece() {
    const std::uint8_t kind = next();
    if (kind < 64) return raw(kind);
    const bool abort = kind < 96;
    const std::size_t length = abort ? next() : due_;
    HeaderBytes head = encode(abort ? abort_header(peer, length) : outgoing(peer, due_, step_));
    if (kind >= 160) {
      const std::size_t at = next() % head.size();
      head[at] ^= next();
    }
    out_.insert(out_.end(), head.begin(), head.end());
    raw(length);
    ++step_;
  }

  std::span<const std::uint8_t> input_;
  const std::size_t due_;
  std::uint64_t step_ = 0;
  Bytes out_;
};

void read_frames(Socket socket, std::size_t due) {
  CancellationToken cancellation({.silence = std::chrono::seconds(1)});
  Pump pump(cancellation);
  SocketChannel channel(std::make_unique<PlainTransport>(std::move(socket)), {{}, 0, 1}, pump);
  Bytes payload(due);
  while (true) channel.receive(payload);
}

void read_handshakes(Socket socket) {
  PlainTransport connection(std::move(socket));
  HandshakeReader reader;
  while (true) reader.read(connection, {0, 1}, HandshakeKind::bind);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool messages = data[0] % 2 == 0;
  const std::size_t due = messages ? 32 : data[0];
  const Bytes stream = Wire({data + 1, size - 1}, due).write();
  auto [ours, wire] = socket_pair();
  check(write(wire.descriptor(), stream.data(), stream.size()) ==
        static_cast<ssize_t>(stream.size()));
  { const Socket closed = std::move(wire); }
  try {
    messages ? read_handshakes(std::move(ours)) : read_frames(std::move(ours), due);
  } catch (const Error& error) {
    check(is_named(error));
  }
  return 0;
}
