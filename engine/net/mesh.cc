#include "net/mesh.h"

namespace polder {
namespace {

// Also when the receive throws: the lent array is about to go.
struct BorrowedSend {
  Channel& channel;
  ~BorrowedSend() { channel.detach(); }
};

}  // namespace

void exchange(Channel& to, std::span<const std::uint8_t> out, Channel& from,
              std::span<std::uint8_t> in) {
  const BorrowedSend loan{to};
  to.send_borrowed(out);
  from.receive(in);
}

void Mesh::flush() const {
  next_->flush();
  prev_->flush();
}

void Mesh::abort(Code code, std::string_view why) const noexcept {
  next_->abort(code, why);
  prev_->abort(code, why);
}

}  // namespace polder
