#include "net/tls_transport.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/memory.h"

namespace polder {
namespace {

constexpr std::size_t record_bytes = SSL3_RT_MAX_PLAIN_LENGTH;
constexpr std::size_t wire_bytes = 256 << 10;  // of a system call
constexpr std::size_t sealed_at_once = wire_bytes - 2 * record_bytes;

constexpr std::uint64_t bytes_per_key = std::uint64_t{1} << 36;

constexpr const char* closed = "it closed the connection";

}  // namespace

// Sealed bytes on their way between OpenSSL and the socket.
struct TlsTransport::Wire {
  explicit Wire(int socket) : descriptor(socket) {}

  int descriptor;
  Bytes out;
  std::size_t out_done = 0;
  Bytes in = Bytes(wire_bytes);
  std::size_t in_begin = 0;
  std::size_t in_end = 0;
  std::string failure;  // of the socket
  bool at_end = false;

  bool send();
  void receive();
  static const BIO_METHOD* method();

 private:
  static int take(BIO* bio, const char* bytes, int size);
  static int give(BIO* bio, char* bytes, int size);
  static long control(BIO* bio, int command, long, void*);
  static BIO_METHOD* make_method();
};

// False if the connection is broken.
bool TlsTransport::Wire::send() {
  while (out_done < out.size()) {
    const ssize_t sent = ::send(descriptor, out.data() + out_done, out.size() - out_done,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EAGAIN || errno == EINTR) return true;
      failure = std::strerror(errno);
      return false;
    }
    out_done += static_cast<std::size_t>(sent);
  }
  out.clear();
  out_done = 0;
  return true;
}

void TlsTransport::Wire::receive() {
  const ssize_t got = recv(descriptor, in.data(), in.size(), MSG_DONTWAIT);
  in_begin = 0;
  in_end = got > 0 ? static_cast<std::size_t>(got) : 0;
  if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) return;
  at_end = true;
  failure = got == 0 ? closed : std::strerror(errno);
}

int TlsTransport::Wire::take(BIO* bio, const char* bytes, int size) {
  auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
  wire.out.insert(wire.out.end(), bytes, bytes + size);
  return size;
}

int TlsTransport::Wire::give(BIO* bio, char* bytes, int size) {
  auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (wire.in_begin == wire.in_end) wire.receive();
  const std::size_t there = std::min(static_cast<std::size_t>(size), wire.in_end - wire.in_begin);
  if (there == 0) {
    if (!wire.at_end) BIO_set_retry_read(bio);
    return wire.at_end ? 0 : -1;
  }
  std::memcpy(bytes, wire.in.data() + wire.in_begin, there);
  wire.in_begin += there;
  return static_cast<int>(there);
}

long TlsTransport::Wire::control(BIO* bio, int command, long, void*) {
  const auto& wire = *static_cast<const Wire*>(BIO_get_data(bio));
  if (command == BIO_CTRL_FLUSH) return 1;
  return command == BIO_CTRL_EOF && wire.at_end ? 1 : 0;
}

BIO_METHOD* TlsTransport::Wire::make_method() {
  BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "polder line");
  require(made != nullptr, "no memory for the TLS line method");
  BIO_meth_set_write(made, take);
  BIO_meth_set_read(made, give);
  BIO_meth_set_ctrl(made, control);
  return made;
}

const BIO_METHOD* TlsTransport::Wire::method() {
  static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> made(make_method(),
                                                                          &BIO_meth_free);
  return made.get();
}

void TlsTransport::FreeSsl::operator()(ssl_st* ssl) const { SSL_free(ssl); }

TlsTransport::TlsTransport(Socket socket, PeerCheck check)
    : Transport(std::move(socket)),
      wire_(std::make_unique<Wire>(this->socket().descriptor())),
      check_(std::move(check)),
      ssl_(SSL_new(check_.context.raw())) {
  BIO* const bio = BIO_new(Wire::method());
  require(ssl_ != nullptr && bio != nullptr, "no memory for a TLS line");
  BIO_set_data(bio, wire_.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  check_.attach(ssl_.get());
}

TlsTransport::~TlsTransport() = default;

std::unique_ptr<TlsTransport> TlsTransport::dial(const TlsContext& context, Socket socket,
                                                 std::uint8_t role) {
  std::unique_ptr<TlsTransport> line(new TlsTransport(
      std::move(socket),
      {.context = context, .due = role, .shown_by = fmt::format("node {}", role)}));
  SSL_set_connect_state(line->ssl_.get());
  return line;
}

std::unique_ptr<TlsTransport> TlsTransport::accept(const TlsContext& context, Socket socket) {
  const std::string from = peer_name(socket);
  std::unique_ptr<TlsTransport> line(
      new TlsTransport(std::move(socket), {.context = context, .due = {}, .shown_by = from}));
  SSL_set_accept_state(line->ssl_.get());
  return line;
}

bool TlsTransport::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  const bool sent = wire_->send();  // a refusal must reach the peer, too
  if (result != 1 && SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) {
    throw_refusal(result);
  }
  if (!sent) fail(Code::peer_lost, "the line to {} broke ({})", check_.shown_by, wire_->failure);
  return result == 1 && !has_output();
}

void TlsTransport::throw_refusal(int result) {
  if (!check_.refusal.empty()) fail(Code::forbidden, "{}", check_.refusal);
  const int reason = ERR_GET_REASON(ERR_peek_error());
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
    fail(Code::forbidden, "{} showed no certificate; lines between nodes need one",
         check_.shown_by);
  }
  if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_WRONG_VERSION_NUMBER ||
      reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION) {
    fail(Code::forbidden, "{} does not speak TLS 1.3", check_.shown_by);
  }
  const std::string why = (end_of_tls(result), why_ended());
  fail(refused_ ? Code::forbidden : Code::peer_lost, "no line to {}: {}", check_.shown_by, why);
}

std::uint8_t TlsTransport::peer_role() const {
  require(check_.role.has_value(), "a peer's role before its handshake is over");
  return *check_.role;
}

Transport::Moved TlsTransport::write(std::span<const std::uint8_t> head,
                                     std::span<const std::uint8_t> body) {
  ERR_clear_error();
  Moved all;
  while (true) {
    if (push().ended) return {.bytes = 0, .ended = true};
    if (has_output() || (head.empty() && body.empty())) return all;
    while (wire_->out.size() < sealed_at_once && !(head.empty() && body.empty())) {
      const std::size_t sealed = seal(head, body);
      if (sealed == 0) return ended(take_tls_error());
      all.bytes += sealed;
      const std::size_t of_head = std::min(sealed, head.size());
      head = head.subspan(of_head);
      body = body.subspan(sealed - of_head);
    }
  }
}

// One record, straight from the caller's array unless it carries a header.
std::size_t TlsTransport::seal(std::span<const std::uint8_t> head,
                               std::span<const std::uint8_t> body) {
  std::array<std::uint8_t, record_bytes> joined;
  std::span<const std::uint8_t> record = body.first(std::min(body.size(), record_bytes));
  if (!head.empty()) {
    const std::size_t of_body = std::min(body.size(), record_bytes - head.size());
    std::copy_n(body.begin(), of_body, std::ranges::copy(head, joined.begin()).out);
    record = std::span(joined).first(head.size() + of_body);
  }
  std::size_t sealed = 0;
  if (SSL_write_ex(ssl_.get(), record.data(), record.size(), &sealed) != 1) sealed = 0;
  if (!head.empty()) wipe(joined.data(), record.size());
  sealed_bytes_ += sealed;
  if (sealed_bytes_ >= bytes_per_key) renew_key();
  return sealed;
}

void TlsTransport::renew_key() {
  sealed_bytes_ = 0;
  SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
}

Transport::Moved TlsTransport::read(std::span<std::uint8_t> head, std::span<std::uint8_t> body) {
  ERR_clear_error();
  Moved all;
  for (std::span<std::uint8_t> part : {head, body}) {
    while (!part.empty()) {
      std::size_t got = 0;
      const int result = SSL_read_ex(ssl_.get(), part.data(), part.size(), &got);
      if (result != 1) return all.bytes > 0 ? all : end_of_tls(result);
      all.bytes += got;
      part = part.subspan(got);
    }
  }
  return all;
}

Transport::Moved TlsTransport::peek(std::span<std::uint8_t> bytes) {
  ERR_clear_error();
  Moved all;
  const int result = SSL_peek_ex(ssl_.get(), bytes.data(), bytes.size(), &all.bytes);
  return result == 1 ? all : end_of_tls(result);
}

Transport::Moved TlsTransport::end_of_tls(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return {};
  if (error == SSL_ERROR_ZERO_RETURN) return ended(closed);
  const int reason = ERR_GET_REASON(ERR_peek_error());
  if (wire_->at_end &&
      (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING || error == SSL_ERROR_SYSCALL)) {
    ERR_clear_error();
    return ended(wire_->failure);
  }
  // Alerts that speak of a certificate or of the version come from a peer that refused this end.
  constexpr std::array refusals{
      SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,     SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
      SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
      SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,    SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE};
  refused_ = std::ranges::find(refusals, reason) != refusals.end();
  const std::string text = take_tls_error();
  if (!refused_) return ended(text);
  return ended(
      fmt::format("it refused this node ({}); compare the network.json and dates of both", text));
}

bool TlsTransport::has_output() const { return wire_->out_done < wire_->out.size(); }

Transport::Moved TlsTransport::push() {
  if (!wire_->send()) return ended(wire_->failure);
  return {};
}

void shake_hands(std::span<TlsTransport* const> lines, std::chrono::milliseconds limit,
                 Patience& patience) {
  const auto until = std::min(Clock::now() + limit, patience.give_up(Clock::now()));
  std::vector<TlsTransport*> open(lines.begin(), lines.end());
  while (true) {
    std::erase_if(open, [](TlsTransport* line) { return line->shake_hands(); });
    if (open.empty()) return;
    std::vector<pollfd> polled{{patience.wake_descriptor(), POLLIN, 0}};
    for (const TlsTransport* line : open) {
      const int events = POLLIN | (line->has_output() ? POLLOUT : 0);
      polled.push_back({line->socket().descriptor(), static_cast<short>(events), 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) fail(Code::timed_out, "a TLS handshake was not over after {} ms", limit.count());
    poll(polled.data(), polled.size(), static_cast<int>(left));
    patience.check_cancelled();
  }
}

}  // namespace polder
