#include "net/tls/tls_transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.h"
#include "base/memory.h"

namespace polder {
namespace {

constexpr std::size_t record_bytes = SSL3_RT_MAX_PLAIN_LENGTH;
constexpr std::size_t sealed_at_once = 224 << 10;  // a system call's worth

constexpr std::uint64_t bytes_per_key = std::uint64_t{1} << 36;

constexpr const char* closed = "it closed the connection";

}  // namespace

void TlsTransport::FreeSsl::operator()(ssl_st* ssl) const { SSL_free(ssl); }

TlsTransport::TlsTransport(Socket socket, PeerCheck check)
    : Transport(std::move(socket)),
      wire_(this->socket().descriptor()),
      check_(std::move(check)),
      ssl_(SSL_new(check_.context.raw())) {
  require(ssl_ != nullptr, "no memory for a TLS connection");
  BIO* const bio = wire_.make_bio();
  SSL_set_bio(ssl_.get(), bio, bio);
  check_.attach(ssl_.get());
}

TlsTransport::~TlsTransport() = default;

std::unique_ptr<TlsTransport> TlsTransport::dial(const TlsContext& context, Socket socket,
                                                 std::uint8_t role) {
  std::unique_ptr<TlsTransport> connection(new TlsTransport(
      std::move(socket), {.context = context, .due = role, .shown_by = context.shown(role)}));
  SSL_set_connect_state(connection->ssl_.get());
  return connection;
}

std::unique_ptr<TlsTransport> TlsTransport::accept(const TlsContext& context, Socket socket) {
  const std::string from = peer_name(socket);
  std::unique_ptr<TlsTransport> connection(
      new TlsTransport(std::move(socket), {.context = context, .due = {}, .shown_by = from}));
  SSL_set_accept_state(connection->ssl_.get());
  return connection;
}

bool TlsTransport::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  const bool sent = wire_.send();  // a refusal must reach the peer, too
  if (result != 1 && SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) {
    throw_refusal(result);
  }
  if (!sent)
    fail(Code::peer_lost, "the connection to {} broke ({})", check_.shown_by, wire_.failure());
  return result == 1 && !has_output();
}

void TlsTransport::throw_refusal(int result) {
  if (!check_.refusal.empty()) fail(Code::forbidden, "{}", check_.refusal);
  const int reason = ERR_GET_REASON(ERR_peek_error());
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
    fail(Code::forbidden, "{} showed no certificate; connections between nodes need one",
         check_.shown_by);
  }
  if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_WRONG_VERSION_NUMBER ||
      reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION) {
    fail(Code::forbidden, "{} does not speak TLS 1.3", check_.shown_by);
  }
  const std::string why = (end_of_tls(result), why_ended());
  fail(refused_ ? Code::forbidden : Code::peer_lost, "no connection to {}: {}", check_.shown_by,
       why);
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
    while (wire_.unsent() < sealed_at_once && !(head.empty() && body.empty())) {
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
  if (wire_.at_end() &&
      (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING || error == SSL_ERROR_SYSCALL)) {
    ERR_clear_error();
    return ended(wire_.failure());
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
      fmt::format("it refused this node ({}); compare the network files and dates of both", text));
}

bool TlsTransport::has_output() const { return wire_.unsent() > 0; }

Transport::Moved TlsTransport::push() {
  if (!wire_.send()) return ended(wire_.failure());
  return {};
}

void shake_hands(std::span<TlsTransport* const> connections, std::chrono::milliseconds limit,
                 CancellationToken& cancellation) {
  const auto until = std::min(Clock::now() + limit, cancellation.give_up(Clock::now()));
  std::vector<TlsTransport*> open(connections.begin(), connections.end());
  while (true) {
    std::erase_if(open, [](TlsTransport* connection) { return connection->shake_hands(); });
    if (open.empty()) return;
    std::vector<pollfd> polled{{cancellation.event_descriptor(), POLLIN, 0}};
    for (const TlsTransport* connection : open) {
      const int events = POLLIN | (connection->has_output() ? POLLOUT : 0);
      polled.push_back({connection->socket().descriptor(), static_cast<short>(events), 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) fail(Code::timed_out, "a TLS handshake was not over after {} ms", limit.count());
    poll(polled.data(), polled.size(), static_cast<int>(left));
    cancellation.check_cancelled();
  }
}

}  // namespace polder
