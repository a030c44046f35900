// A channel that does one thing wrong, once: for tests of what the others then do.
#pragma once

#include "net/cancellation_token.h"
#include "net/channel.h"

namespace polder {

enum class Fault {
  skip,      // the frame is not sent
  flip,      // one bit of it is changed (a frame of no bytes stays as it is)
  replay,    // the frame sent before is sent in its place (at the first: zeros)
  shorten,   // it lacks its last byte (a frame of no bytes: as skip)
  lengthen,  // it has a byte more
  delay,     // it is sent late
  hang_up,   // this node fails there, as if its process died: send throws peer_lost
};

class FaultyChannel final : public Channel {
 public:
  struct Options {
    Fault fault;
    std::uint64_t at_frame;  // of those sent, from 0
    Clock::duration delay = std::chrono::milliseconds(20);
  };
  FaultyChannel(Channel& inner, const Options& options) : inner_(inner), options_(options) {}

  void send(std::span<const std::uint8_t> payload) override;
  void receive(std::span<std::uint8_t> payload) override { inner_.receive(payload); }
  void flush() override { inner_.flush(); }
  void abort(Code code, std::string_view why) noexcept override { inner_.abort(code, why); }
  Traffic traffic() const override { return inner_.traffic(); }

 private:
  void send_wrong(Bytes payload);

  Channel& inner_;
  const Options options_;
  std::uint64_t frames_ = 0;
  Bytes last_;
};

}  // namespace polder
