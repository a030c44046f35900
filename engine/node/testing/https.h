// For tests: a plain HTTPS client that also sends what no client should. It trusts every
// certificate and shows which one it saw.
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace polder::testing {

struct HttpsAnswer {
  int status = 0;  // 0: the server closed the connection without one
  std::string body;
};

class HttpsConnection {
 public:
  /// Throws std::runtime_error if there is no server or TLS fails.
  explicit HttpsConnection(std::uint16_t port, int version = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method())), socket_(connected(port)) {
    std::signal(SIGPIPE, SIG_IGN);  // a server may close the connection while this writes
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_);
    if (SSL_connect(ssl_.get()) != 1) {
      close(socket_);
      throw std::runtime_error("TLS failed");
    }
  }
  HttpsConnection(const HttpsConnection&) = delete;
  HttpsConnection& operator=(const HttpsConnection&) = delete;
  ~HttpsConnection() { close(socket_); }

  bool send(std::string_view bytes) {
    return bytes.empty() || SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }

  /// Reads one answer.
  HttpsAnswer receive() {
    std::string text;
    while (text.find("\r\n\r\n") == std::string::npos) {
      if (!more(text)) return {};
    }
    const std::size_t head = text.find("\r\n\r\n") + 4;
    const std::size_t length = length_in(text.substr(0, head));
    while (text.size() < head + length) {
      if (!more(text)) return {};
    }
    const int status = std::stoi(text.substr(9, 3));
    rest_ = text.substr(head + length);
    return {.status = status, .body = text.substr(head, length)};
  }

  /// The server's certificate, PEM-free: its DER bytes.
  std::string server_certificate() const {
    std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl_.get()),
                                                            X509_free);
    std::string der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)), '\0');
    auto* out = reinterpret_cast<unsigned char*>(der.data());
    i2d_X509(certificate.get(), &out);
    return der;
  }

 private:
  static int connected(std::uint16_t port) {
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{.tv_sec = 60, .tv_usec = 0};
    setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(made);
      throw std::runtime_error("nobody listens");
    }
    return made;
  }

  bool more(std::string& text) {
    text += rest_;
    if (!rest_.empty()) return rest_.clear(), true;
    char buffer[16384];
    const int count = SSL_read(ssl_.get(), buffer, sizeof buffer);
    if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  }

  static std::size_t length_in(const std::string& head) {
    const std::size_t at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
  }

  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  std::unique_ptr<SSL_CTX, Free> context_;
  int socket_;
  std::unique_ptr<SSL, Free> ssl_;
  std::string rest_;
};

using Headers = std::map<std::string, std::string>;

inline std::string request_bytes(std::string_view method, std::string_view target,
                                 const Headers& headers, std::string_view body) {
  std::string text =
      std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: node\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

/// One request on a connection of its own; status 0 if there was no answer.
inline HttpsAnswer ask(std::uint16_t port, std::string_view method, std::string_view target,
                       const Headers& headers = {}, std::string_view body = {}) {
  try {
    HttpsConnection connection(port);
    connection.send(request_bytes(method, target, headers, body));
    return connection.receive();
  } catch (const std::runtime_error&) {
    return {};
  }
}

}  // namespace polder::testing
