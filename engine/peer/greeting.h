// The line between the asker and another bank while they speak about a session that has not
// started.
#pragma once

#include <memory>

#include "base/error.h"
#include "net/socket_channel.h"

namespace polder {

class Greeting {
 public:
  Greeting(std::unique_ptr<Transport> line, const Binding& binding, Patience& patience)
      : pump_(patience), channel_(std::move(line), binding, pump_) {}

  Channel& channel() { return channel_; }

  /// The bare line, for the watch, once both have said all.
  std::unique_ptr<Transport> release() {
    channel_.flush();
    auto line = channel_.release();
    require(line != nullptr, "a line that was flushed can be released");
    return line;
  }

  void abort(const Error& error) noexcept { channel_.abort(error.code(), error.what()); }

 private:
  Pump pump_;
  SocketChannel channel_;
};

}  // namespace polder
