#include "client/nodes/http.h"

#include <openssl/x509.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <optional>

#include "base/error.h"
#include "crypto/certificate.h"

namespace polder {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Failure = boost::system::error_code;

constexpr std::chrono::milliseconds connect_limit{3000};
constexpr std::chrono::milliseconds look_up{50};  // how often a wait looks whether it was cancelled

/// The pinned certificate, within its dates.
Certificate parse_pinned(const std::string& pem, std::string_view who) {
  try {
    Certificate certificate = Certificate::parse(pem);
    certificate.check_dates();
    return certificate;
  } catch (const Error& error) {
    fail(error.code(),
         "{}: its certificate in network.json: {}; its operator makes a new one (polder node init) "
         "and the network a new network.json",
         who, error.what());
  }
}

/// What a handshake compares with, and what it found.
struct Verdict {
  const Certificate& pinned;
  bool other = false;
};

/// Takes the place of OpenSSL's chain building: the certificate is the pinned one, to the last
/// byte.
int verify_pinned(X509_STORE_CTX* store, void* data) {
  auto* verdict = static_cast<Verdict*>(data);
  unsigned char* shown = nullptr;
  const int bytes = i2d_X509(X509_STORE_CTX_get0_cert(store), &shown);
  const auto& der = verdict->pinned.der();
  verdict->other = bytes < 0 || !std::equal(der.begin(), der.end(), shown, shown + bytes);
  OPENSSL_free(shown);
  X509_STORE_CTX_set_error(store, verdict->other ? X509_V_ERR_CERT_REJECTED : X509_V_OK);
  return verdict->other ? 0 : 1;
}

asio::ssl::context make_context(Verdict& verdict) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX* raw = context.native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(raw, verify_pinned, &verdict);
  return context;
}

}  // namespace

/// An open TLS connection. Each step starts an operation and waits for it here.
class HttpConnection::Connection {
 public:
  Connection(const NodeCard& node, const std::string& who, CancellationToken& cancellation)
      : who_(who),
        cancellation_(cancellation),
        pinned_(parse_pinned(node.certificate, who)),
        verdict_{.pinned = pinned_},
        context_(make_context(verdict_)),
        stream_(loop_, context_) {
    connect(node.api);
    shake_hands();
  }

  HttpAnswer ask(const HttpCall& call, const Address& host) {
    http::request<http::span_body<const std::uint8_t>> request{
        http::string_to_verb({call.method.data(), call.method.size()}),
        {call.target.data(), call.target.size()},
        11};
    request.set(http::field::host, to_text(host));
    for (const auto& [name, value] : call.headers) request.set(name, value);
    request.body() = {call.body.data(), call.body.size()};
    request.prepare_payload();

    // Both at once: a node that refuses a long body answers before it has read all of it.
    http::response_parser<http::string_body> parser;
    parser.body_limit(call.max_answer_bytes);
    std::optional<Failure> written, read;
    expires(call.timeout);
    http::async_write(stream_, request, [&](Failure failure, std::size_t) { written = failure; });
    http::async_read(stream_, buffer_, parser,
                     [&](Failure failure, std::size_t) { read = failure; });
    wait([&] { return read.has_value(); });
    if (!*read && !written) broken_ = true;  // answered early: the rest of the body is not wanted
    stop_unless([&] { return written.has_value(); });
    if (*read) lost(*read, "does not answer");
    broken_ |= !parser.get().keep_alive() || *written;
    return {.status = static_cast<int>(parser.get().result_int()),
            .body = std::move(parser.get().body())};
  }

  bool broken() const { return broken_; }

 private:
  void expires(std::chrono::milliseconds limit) {
    beast::get_lowest_layer(stream_).expires_after(limit);
  }

  template <typename Done>
  void wait(Done done) {
    loop_.restart();
    while (!done()) {
      loop_.run_one_for(look_up);
      if (loop_.stopped()) loop_.restart();
      if (cancellation_.cancelled()) {
        stop_unless([] { return false; });
        fail(Code::cancelled, "stopped while waiting for {}", who_);
      }
    }
  }

  /// Lets go of all operations that still run, so that nothing refers to the caller's frame.
  template <typename Done>
  void stop_unless(Done done) {
    if (done()) return;
    broken_ = true;
    beast::get_lowest_layer(stream_).close();
    loop_.restart();
    loop_.run();
  }

  [[noreturn]] void lost(const Failure& failure, std::string_view what) {
    broken_ = true;
    if (failure == beast::error::timeout) {
      fail(Code::timed_out, "{} {} in time; see whether it runs and can be reached", who_, what);
    }
    if (failure == http::error::body_limit) {
      fail(Code::cheating, "{} sent an answer longer than there can be", who_);
    }
    fail(Code::peer_lost, "{} {}: {}; see whether it runs (polder node status, polder up)", who_,
         what, failure.message());
  }

  void connect(const Address& address) {
    Failure failure;
    asio::ip::tcp::resolver resolver(loop_);
    const auto places = resolver.resolve(address.host, std::to_string(address.port), failure);
    if (failure) lost(failure, "cannot be found");
    std::optional<Failure> done;
    expires(connect_limit);
    beast::get_lowest_layer(stream_).async_connect(
        places, [&](Failure result, const asio::ip::tcp::endpoint&) { done = result; });
    wait([&] { return done.has_value(); });
    if (*done) lost(*done, "cannot be reached");
    beast::get_lowest_layer(stream_).socket().set_option(asio::ip::tcp::no_delay(true), failure);
  }

  void shake_hands() {
    std::optional<Failure> done;
    expires(connect_limit);
    stream_.async_handshake(asio::ssl::stream_base::client, [&](Failure result) { done = result; });
    wait([&] { return done.has_value(); });
    if (!*done) return;
    if (verdict_.other) {
      fail(Code::forbidden,
           "{} shows another certificate than network.json has; get the present network.json, or "
           "find out who answers there",
           who_);
    }
    lost(*done, "does not speak TLS 1.3");
  }

  const std::string& who_;
  CancellationToken& cancellation_;
  Certificate pinned_;
  Verdict verdict_;
  asio::io_context loop_{1};
  asio::ssl::context context_;
  beast::ssl_stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  bool broken_ = false;
};

HttpConnection::HttpConnection(int role, const NodeCard& node, CancellationToken& cancellation)
    : role_(role),
      node_(node),
      cancellation_(cancellation),
      who_(fmt::format("node {} '{}' (https://{})", role, node.name, to_text(node.api))) {}

HttpConnection::~HttpConnection() = default;

bool HttpConnection::open() const { return connection_ != nullptr; }

HttpAnswer HttpConnection::ask(const HttpCall& call) {
  if (!connection_) connection_ = std::make_unique<Connection>(node_, who_, cancellation_);
  try {
    HttpAnswer answer = connection_->ask(call, node_.api);
    if (connection_->broken()) connection_.reset();
    return answer;
  } catch (...) {
    connection_.reset();
    throw;
  }
}

}  // namespace polder
