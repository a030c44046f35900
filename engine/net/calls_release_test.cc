// What a frame costs in system calls, a guard against slow connections: all calls of this program
// on its sockets go through the functions below, which count them.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <numeric>

#include "net/testing/test_support.h"
#include "net/tls/tls_transport.h"

namespace {

struct Calls {
  int writes = 0, reads = 0, sleeps = 0;
  friend bool operator==(const Calls&, const Calls&) = default;
};
Calls calls;

}  // namespace

// The linker prefers these to the C library's.
extern "C" {
ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  ++calls.writes;
  return syscall(SYS_sendmsg, socket, message, flags);
}
ssize_t send(int socket, const void* bytes, std::size_t size, int flags) {
  ++calls.writes;
  return syscall(SYS_sendto, socket, bytes, size, flags, nullptr, 0);
}
ssize_t recvmsg(int socket, msghdr* message, int flags) {
  ++calls.reads;
  return syscall(SYS_recvmsg, socket, message, flags);
}
ssize_t recv(int socket, void* bytes, std::size_t size, int flags) {
  ++calls.reads;
  return syscall(SYS_recvfrom, socket, bytes, size, flags, nullptr, nullptr);
}
int ppoll(pollfd* polled, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  ++calls.sleeps;
  timespec left = timeout == nullptr ? timespec{} : *timeout;  // the kernel writes to it
  return static_cast<int>(
      syscall(SYS_ppoll, polled, count, timeout == nullptr ? nullptr : &left, mask, 8));
}
}

namespace polder {
namespace {

using testing::some_session;

/// Two nodes of one thread, joined by a connection.
class Pair {
 public:
  explicit Pair(testing::Connection connection) {
    auto [here, there] = socket_pair();
    if (connection == testing::Connection::tls) {
      dialler_.emplace(network_.options(0));
      acceptor_.emplace(network_.options(1));
      auto dialled = TlsTransport::dial(*dialler_, std::move(here), 1);
      auto accepted = TlsTransport::accept(*acceptor_, std::move(there));
      TlsTransport* const both[] = {dialled.get(), accepted.get()};
      shake_hands(both, std::chrono::seconds(10), cancellation_);
      join(std::move(dialled), std::move(accepted));
    } else {
      join(std::make_unique<PlainTransport>(std::move(here)),
           std::make_unique<PlainTransport>(std::move(there)));
    }
  }

  /// What sending so many frames and receiving them costs, in the middle of a long conversation.
  Calls cost(int frames, std::size_t bytes) {
    const Bytes payload(bytes, 7);
    Bytes received(bytes);
    for (int i = 0; i < 3; ++i) send_and_receive(frames, payload, received);  // buffers grow
    calls = {};
    send_and_receive(frames, payload, received);
    return calls;
  }

 private:
  void join(std::unique_ptr<Transport> here, std::unique_ptr<Transport> there) {
    sender_ =
        std::make_unique<SocketChannel>(std::move(here), Binding{some_session, 0, 1}, pumps_[0]);
    receiver_ =
        std::make_unique<SocketChannel>(std::move(there), Binding{some_session, 1, 0}, pumps_[1]);
  }

  void send_and_receive(int frames, const Bytes& payload, Bytes& received) {
    for (int i = 0; i < frames; ++i) sender_->send(payload);
    for (int i = 0; i < frames; ++i) receiver_->receive(received);
  }

  testing::Network network_;
  std::optional<TlsContext> dialler_, acceptor_;
  CancellationToken cancellation_;
  std::array<Pump, 2> pumps_{Pump(cancellation_), Pump(cancellation_)};
  std::unique_ptr<SocketChannel> sender_, receiver_;
};

TEST(Calls, APlainFrameIsOneWriteAndOneRead) {
  Pair pair(testing::Connection::memory);
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{65'536}}) {
    EXPECT_EQ(pair.cost(1, bytes), (Calls{.writes = 1, .reads = 1})) << bytes;
  }
}

TEST(Calls, ATlsFrameIsOneWriteAndOneRead) {
  Pair pair(testing::Connection::tls);
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{65'536}}) {
    const Calls cost = pair.cost(1, bytes);
    EXPECT_EQ(cost, (Calls{.writes = 1, .reads = 1}))
        << bytes << ": " << cost.writes << " " << cost.reads;
  }
}

TEST(Calls, FramesThatWaitUnderTlsAreReadTogether) {
  Pair pair(testing::Connection::tls);
  EXPECT_EQ(pair.cost(20, 100), (Calls{.writes = 20, .reads = 1}));
}

}  // namespace
}  // namespace polder
