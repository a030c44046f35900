#include "net/tls/tls_wire.h"

#include <openssl/bio.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

#include "base/error.h"

namespace polder {

bool TlsWire::send() {
  while (out_done_ < out_.size()) {
    const ssize_t sent = ::send(descriptor_, out_.data() + out_done_, out_.size() - out_done_,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EAGAIN || errno == EINTR) return true;
      failure_ = std::strerror(errno);
      return false;
    }
    out_done_ += static_cast<std::size_t>(sent);
  }
  out_.clear();
  out_done_ = 0;
  return true;
}

void TlsWire::receive() {
  if (in_end_ == in_.size() && in_.size() < max_in_bytes) in_ = Bytes(4 * in_.size());
  const ssize_t got = recv(descriptor_, in_.data(), in_.size(), MSG_DONTWAIT);
  in_begin_ = 0;
  in_end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
  if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) return;
  at_end_ = true;
  failure_ = got == 0 ? "it closed the connection" : std::strerror(errno);
}

// Nothing may be thrown through OpenSSL.
int TlsWire::take(BIO* bio, const char* bytes, int size) try {
  auto& wire = *static_cast<TlsWire*>(BIO_get_data(bio));
  wire.out_.insert(wire.out_.end(), bytes, bytes + size);
  return size;
} catch (const std::bad_alloc&) {
  return -1;
}

int TlsWire::give(BIO* bio, char* bytes, int size) {
  auto& wire = *static_cast<TlsWire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (wire.in_begin_ == wire.in_end_) wire.receive();
  const std::size_t there = std::min(static_cast<std::size_t>(size), wire.in_end_ - wire.in_begin_);
  if (there == 0) {
    if (!wire.at_end_) BIO_set_retry_read(bio);
    return wire.at_end_ ? 0 : -1;
  }
  std::memcpy(bytes, wire.in_.data() + wire.in_begin_, there);
  wire.in_begin_ += there;
  return static_cast<int>(there);
}

long TlsWire::control(BIO* bio, int command, long, void*) {
  const auto& wire = *static_cast<const TlsWire*>(BIO_get_data(bio));
  if (command == BIO_CTRL_FLUSH) return 1;
  return command == BIO_CTRL_EOF && wire.at_end_ ? 1 : 0;
}

BIO_METHOD* TlsWire::make_method() {
  BIO_METHOD* const made =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "polder connection");
  require(made != nullptr, "no memory for the TLS connection method");
  BIO_meth_set_write(made, take);
  BIO_meth_set_read(made, give);
  BIO_meth_set_ctrl(made, control);
  return made;
}

bio_st* TlsWire::make_bio() {
  static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> method(make_method(),
                                                                            &BIO_meth_free);
  BIO* const bio = BIO_new(method.get());
  require(bio != nullptr, "no memory for a TLS connection");
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace polder
