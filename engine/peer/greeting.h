// The connection between the requester and another bank while they speak about a session that has
// not started.
#pragma once

#include <memory>

#include "base/error.h"
#include "net/links/handshake_message.h"
#include "net/socket_channel.h"

namespace polder {

class Greeting {
 public:
  /// Its frames are of no session, as the handshake messages of the watch that follow on the
  /// connection: the end that already watches understands an abort of the one that still greets.
  Greeting(std::unique_ptr<Transport> connection, const Ends& ends, CancellationToken& cancellation)
      : pump_(cancellation), channel_(std::move(connection), unbound(ends), pump_) {}

  Channel& channel() { return channel_; }

  /// The bare connection, for the watch, once both have said all.
  std::unique_ptr<Transport> release() {
    channel_.flush();
    auto connection = channel_.release();
    require(connection != nullptr, "a connection that was flushed can be released");
    return connection;
  }

  void abort(const Error& error) noexcept { channel_.abort(error.code(), error.what()); }

 private:
  Pump pump_;
  SocketChannel channel_;
};

}  // namespace polder
