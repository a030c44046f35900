#include "net/socket_channel.h"

#include <algorithm>
#include <optional>

namespace polder {

// How long a receive has waited since the peer's last byte; the clock is read only when it waits.
class SocketChannel::Silence {
 public:
  void broken() { since_.reset(); }
  Clock::time_point since() {
    if (!since_) since_ = Clock::now();
    return *since_;
  }

 private:
  std::optional<Clock::time_point> since_;
};

struct SocketChannel::Incoming {
  std::span<std::uint8_t> body;
  HeaderBytes head = {};
  std::size_t done = 0;

  std::span<std::uint8_t> head_left() {
    return std::span(head).subspan(std::min(done, header_bytes));
  }
  std::span<std::uint8_t> body_left() { return body.subspan(done - std::min(done, header_bytes)); }
};

std::span<const std::uint8_t> SocketChannel::Kept::head_left() const {
  return std::span(head).subspan(std::min(done, header_bytes));
}

std::span<const std::uint8_t> SocketChannel::Kept::body_left() const {
  return body.subspan(done - std::min(done, header_bytes));
}

void SocketChannel::Kept::own() {
  const auto rest = body_left();
  owned.assign(rest.begin(), rest.end());
  done = std::min(done, header_bytes);
  body = owned;
  borrowed = false;
}

SocketChannel::SocketChannel(std::unique_ptr<Transport> transport, const Binding& binding,
                             Pump& pump, const Options& options)
    : transport_(std::move(transport)),
      binding_(binding),
      peer_(binding.shown()),
      pump_(pump),
      options_(options) {
  // A peer that works alone for long reads nothing meanwhile.
  bear_unread(transport_->socket(), pump_.cancellation().silence());
  pump_.add(*this);
}

SocketChannel::~SocketChannel() {
  pump_.remove(*this);
  if (aborted_ && transport_) end_softly(transport_->socket());
}

void SocketChannel::send(std::span<const std::uint8_t> payload) {
  send_borrowed(payload);
  detach();
  if (kept_bytes_ > options_.max_kept_bytes && !stalled_) wait_for_room();
}

void SocketChannel::send_borrowed(std::span<const std::uint8_t> payload) {
  start(outgoing(binding_, payload.size(), traffic_.frames_sent), payload);
  traffic_.bytes_sent += header_bytes + payload.size();
  ++traffic_.frames_sent;
}

void SocketChannel::start(const Header& header, std::span<const std::uint8_t> payload) {
  if (broken_) throw_end();
  kept_.push_back({.head = encode(header), .body = payload});
  kept_bytes_ += kept_.back().left();
  push();
  if (broken_) throw_end();
}

void SocketChannel::detach() noexcept try {
  for (auto frame = kept_.rbegin(); frame != kept_.rend() && frame->borrowed; ++frame) frame->own();
} catch (const std::bad_alloc&) {
  drop_output();
}

void SocketChannel::push() {
  while (!kept_.empty()) {
    Kept& frame = kept_.front();
    const Transport::Moved moved = transport_->write(frame.head_left(), frame.body_left());
    if (moved.ended) return drop_output();
    frame.done += moved.bytes;
    kept_bytes_ -= moved.bytes;
    if (frame.left() != 0) break;
    kept_.pop_front();
  }
  if (kept_.empty() && transport_->has_output() && transport_->push().ended) drop_output();
  if (kept_bytes_ <= options_.max_kept_bytes) stalled_ = false;
}

void SocketChannel::drop_output() {
  kept_.clear();
  kept_bytes_ = 0;
  broken_ = true;
}

void SocketChannel::wait_for_room() {
  auto moved_at = Clock::now();
  while (kept_bytes_ > options_.max_kept_bytes) {
    const std::size_t before = kept_bytes_;
    pump_.wait_for_output(moved_at + options_.pause);
    if (broken_) throw_end();
    const auto now = Clock::now();
    if (kept_bytes_ < before) {
      moved_at = now;
    } else if (now >= moved_at + options_.pause) {
      stalled_ = true;
      return;
    }
  }
}

void SocketChannel::flush() {
  const auto since = Clock::now();
  while (!broken_ && has_output()) {
    pump_.wait_for_output(pump_.cancellation().give_up(since));
    if (has_output()) pump_.cancellation().check(since, peer_);
  }
  if (broken_) throw_end();
}

void SocketChannel::receive(std::span<std::uint8_t> payload) {
  pump_.cancellation().check_cancelled();
  const Header due = incoming(binding_, payload.size(), traffic_.frames_received);
  Incoming frame{.body = payload};
  Silence silence;
  mid_frame_ = true;
  fill(frame, header_bytes, silence);
  const Header got = decode(frame.head);
  if (is_abort(due, got, peer_)) read_abort(got, frame, silence);
  expect(due, got, peer_);
  fill(frame, header_bytes + payload.size(), silence);
  mid_frame_ = false;
  traffic_.bytes_received += header_bytes + payload.size();
  ++traffic_.frames_received;
}

// Reads until at least `bytes` of the frame are there.
void SocketChannel::fill(Incoming& frame, std::size_t bytes, Silence& silence) {
  while (frame.done < bytes) {
    const Transport::Moved moved = transport_->read(frame.head_left(), frame.body_left());
    if (moved.ended) throw_end();
    frame.done += moved.bytes;
    if (moved.bytes > 0) {
      silence.broken();
      continue;
    }
    pump_.wait_for_input(*this, pump_.cancellation().give_up(silence.since()));
    pump_.cancellation().check(silence.since(), peer_);
  }
}

// The start of the text may lie where the payload was due.
void SocketChannel::read_abort(const Header& header, Incoming& frame, Silence& silence) {
  std::array<std::uint8_t, max_abort_bytes> text;
  const std::size_t there = std::min<std::size_t>(frame.done - header_bytes, header.length);
  std::copy_n(frame.body.begin(), there, text.begin());
  Incoming rest{.body = std::span(text).first(header.length),
                .head = frame.head,
                .done = header_bytes + there};
  fill(rest, header_bytes + header.length, silence);
  throw_aborted(peer_, rest.body);
}

void SocketChannel::throw_end() {
  const std::string why = transport_->why_ended();
  if (!mid_frame_) find_abort();
  fail(Code::peer_lost, "the connection to {} broke ({}); see whether it is still up", peer_, why);
}

// A peer that stopped may have said why before it closed; look behind the frames not yet received.
void SocketChannel::find_abort() {
  const Header due = incoming(binding_, 0, traffic_.frames_received);
  Bytes skipped(64 << 10);
  while (true) {
    Incoming frame{.body = {}};
    if (!read_there(frame, header_bytes)) return;
    const Header got = decode(frame.head);
    Silence silence;
    if (is_abort(due, got, peer_)) read_abort(got, frame, silence);
    for (std::size_t left = got.length; left > 0;) {
      Incoming piece{.body = std::span(skipped).first(std::min(left, skipped.size())),
                     .done = header_bytes};
      if (!read_there(piece, header_bytes + piece.body.size())) return;
      left -= piece.body.size();
    }
  }
}

// As `fill`, of what has arrived already.
bool SocketChannel::read_there(Incoming& frame, std::size_t bytes) {
  while (frame.done < bytes) {
    const Transport::Moved moved = transport_->read(frame.head_left(), frame.body_left());
    if (moved.bytes == 0) return false;
    frame.done += moved.bytes;
  }
  return true;
}

void SocketChannel::look_at_end() {
  if (mid_frame_) return;
  HeaderBytes head;
  const bool whole = transport_->peek(head).bytes == header_bytes;
  const Header due = incoming(binding_, 0, traffic_.frames_received);
  if (broken_ || (whole && is_abort(due, decode(head), peer_))) throw_end();
}

void SocketChannel::abort(Code code, std::string_view why) noexcept try {
  if (broken_ || aborted_ || !transport_) return;
  aborted_ = true;
  const Bytes payload = abort_payload(code, why);
  detach();
  kept_.push_back({.head = encode(abort_header(binding_, payload.size())), .body = payload});
  push();
  drop_output();
} catch (const std::exception&) {
  drop_output();
}

std::unique_ptr<Transport> SocketChannel::release() {
  if (broken_ || mid_frame_ || aborted_ || has_output()) return nullptr;
  pump_.remove(*this);
  return std::move(transport_);
}

}  // namespace polder
