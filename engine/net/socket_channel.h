// A channel over a socket, bare or under TLS.
//
// Why sessions cannot deadlock here. A send ends by itself: what the socket does not take is kept.
// It pauses only while more than `Options::max_kept_bytes` are kept and bytes still move, and goes
// on when nothing moved for a moment. A receive or flush pushes what all channels of the session
// keep. So every frame sent reaches a peer that asks for it, as if queues were endless; whoever
// waits, waits for a send that its peer's program has yet to make. Memory: kept bytes stay below
// the limit while the peer reads; a peer that stands still holds up at most what the protocol sends
// between two receives, since the next receive waits for it.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "net/channel.h"
#include "net/frame.h"
#include "net/pump.h"
#include "net/transport.h"

namespace polder {

class SocketChannel final : public Channel, private Pump::Member {
 public:
  struct Options {
    std::size_t max_kept_bytes = 64 << 20;
    Clock::duration pause = std::chrono::milliseconds(20);  // without a byte moved ends a wait
  };

  SocketChannel(std::unique_ptr<Transport> transport, const Binding& binding, Pump& pump)
      : SocketChannel(std::move(transport), binding, pump, Options{}) {}
  SocketChannel(std::unique_ptr<Transport> transport, const Binding& binding, Pump& pump,
                const Options& options);
  ~SocketChannel() override;

  void send(std::span<const std::uint8_t> payload) override;
  void send_borrowed(std::span<const std::uint8_t> payload) override;
  void detach() noexcept override;
  void receive(std::span<std::uint8_t> payload) override;
  void flush() override;
  void abort(Code code, std::string_view why) noexcept override;
  Traffic traffic() const override { return traffic_; }

  /// The connection, for another session, after this one ended cleanly on both sides: all sent
  /// bytes are out (call `flush` before) and no frame is half read. Null if it cannot be used
  /// again.
  std::unique_ptr<Transport> release();

 private:
  // A frame, or what is left of it, that the socket has not taken.
  struct Kept {
    HeaderBytes head;
    std::span<const std::uint8_t> body;
    bool borrowed = true;  // body is the caller's
    Bytes owned = {};
    std::size_t done = 0;  // bytes out, of head and body together

    std::span<const std::uint8_t> head_left() const;
    std::span<const std::uint8_t> body_left() const;
    std::size_t left() const { return header_bytes + body.size() - done; }
    void own();
  };
  struct Incoming;
  class Silence;

  void start(const Header& header, std::span<const std::uint8_t> payload);
  void wait_for_room();
  void fill(Incoming& frame, std::size_t bytes, Silence& silence);
  bool read_there(Incoming& frame, std::size_t bytes);
  [[noreturn]] void read_abort(const Header& header, Incoming& frame, Silence& silence);
  [[noreturn]] void throw_end();
  void find_abort();
  void drop_output();

  int descriptor() const override { return transport_->socket().descriptor(); }
  bool has_output() const override { return !kept_.empty() || transport_->has_output(); }
  void push() override;
  void look_at_end() override;
  bool broken() const override { return broken_; }

  std::unique_ptr<Transport> transport_;
  const Binding binding_;
  const std::string peer_;  // "node 1"
  Pump& pump_;
  const Options options_;
  std::deque<Kept> kept_;
  std::size_t kept_bytes_ = 0;
  bool stalled_ = false;    // a send gave up waiting for room; none waits until there is some
  bool broken_ = false;     // output was dropped
  bool mid_frame_ = false;  // a receive has begun and not ended
  bool aborted_ = false;
  Traffic traffic_;
};

}  // namespace polder
