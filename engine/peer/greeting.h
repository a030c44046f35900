// The line between the asker and another bank while they speak about a session that has not
// started.
#pragma once

#include <memory>

#include "base/error.h"
#include "net/note.h"
#include "net/socket_channel.h"

namespace polder {

class Greeting {
 public:
  /// Its frames are of no session, as the notes of the watch that follow on the line: the end that
  /// already watches understands an abort of the one that still greets.
  Greeting(std::unique_ptr<Transport> line, const Ends& ends, Patience& patience)
      : pump_(patience), channel_(std::move(line), unbound(ends), pump_) {}

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
