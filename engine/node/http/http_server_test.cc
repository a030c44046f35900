// Oracle: RFC 9112 read by hand; each request is written out byte by byte.
#include "node/http/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/error.h"
#include "crypto/certificate.h"
#include "node/testing/https.h"

namespace polder {
namespace {

using testing::ask;
using testing::HttpsAnswer;
using testing::HttpsConnection;

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() { start({}); }

  void start(HttpServer::Options options) {
    const SigningKey key = SigningKey::random();
    certificate_ = Certificate::make(key, {.name = "node"}).pem();
    const Bytes pem = private_key_pem(key);
    options.host = "127.0.0.1";
    options.certificate_pem = certificate_;
    options.key_pem = std::string(pem.begin(), pem.end());
    options.workers = 4;
    server_.reset();
    server_ = std::make_unique<HttpServer>(
        options, HttpServer::Service{
                     .max_body = [](std::string_view, std::string_view path) -> std::size_t {
                       return path == "/large" ? 1 << 20 : 0;
                     },
                     .admit = [this](const HttpRequest& head) { return admit(head); },
                     .answer = [this](const HttpRequest& request) { return answer(request); },
                     .refuse =
                         [](int status, std::string_view why) {
                           return HttpResponse{
                               .status = status, .type = "text/plain", .body = std::string(why)};
                         }});
  }

  /// Known callers have a name.
  std::variant<std::string, HttpResponse> admit(const HttpRequest& head) {
    const auto name = head.header("x-name");
    if (!name.empty()) return std::string(name);
    return HttpResponse{.status = 403, .type = "text/plain", .body = "who are you?"};
  }

  HttpResponse answer(const HttpRequest& request) {
    ++answered_;
    if (request.path == "/long") {
      return {.body = std::string(16 << 20, 'x'), .account = std::string(request.header("x-name"))};
    }
    if (request.path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return {.body = request.method + " " + request.path + " " + request.query + " " +
                    std::string(request.header("x-test")) + " " +
                    std::to_string(request.body.size())};
  }

  HttpsAnswer raw(std::string_view bytes) {
    HttpsConnection connection(server_->port());
    connection.send(bytes);
    return connection.receive();
  }

  std::string certificate_;
  std::atomic<int> answered_ = 0;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, HandsOverMethodPathQueryHeadersAndBody) {
  const HttpsAnswer answer = ask(server_->port(), "PUT", "/large?a=1&b",
                                 {{"X-TEST", "yes"}, {"X-Name", "a"}}, std::string(1000, 'x'));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "PUT /large a=1&b yes 1000");
}

TEST_F(HttpServerTest, AnswersSeveralRequestsOnOneConnection) {
  HttpsConnection connection(server_->port());
  for (int i = 0; i < 3; ++i) {
    connection.send(testing::request_bytes("GET", "/x", {}, {}));
    EXPECT_EQ(connection.receive().status, 200);
  }
  connection.send(testing::request_bytes("GET", "/1", {}, {}) +
                  testing::request_bytes("GET", "/2", {}, {}));
  EXPECT_EQ(connection.receive().body, "GET /1   0");
  EXPECT_EQ(connection.receive().body, "GET /2   0");
}

TEST_F(HttpServerTest, SpeaksTls13Only) {
  EXPECT_THROW(HttpsConnection(server_->port(), TLS1_2_VERSION), std::runtime_error);
  EXPECT_NO_THROW(HttpsConnection(server_->port(), TLS1_3_VERSION));
}

TEST_F(HttpServerTest, ShowsItsOwnCertificate) {
  HttpsConnection connection(server_->port());
  const auto der = Certificate::parse(certificate_).der();
  EXPECT_EQ(connection.server_certificate(), std::string(der.begin(), der.end()));
}

TEST_F(HttpServerTest, RefusesABodyByItsLengthBeforeItIsSent) {
  EXPECT_EQ(raw("PUT /large HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n").status, 413);
  EXPECT_EQ(
      raw("PUT /large HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n").status,
      413);
  EXPECT_EQ(raw("PUT /other HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n").status, 413);
  EXPECT_EQ(answered_, 0);
}

TEST_F(HttpServerTest, RefusesLengthsThatLie) {
  EXPECT_EQ(
      raw("PUT /large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status,
      411);
  EXPECT_EQ(raw("PUT /large HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n").status, 400);
  EXPECT_EQ(raw("PUT /large HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\nab").status, 400);
  EXPECT_EQ(
      raw("PUT /large HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")
          .status,
      400);
  EXPECT_EQ(raw("PUT /large HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n")
                .status,
            400);
  EXPECT_EQ(answered_, 0);
}

TEST_F(HttpServerTest, RefusesWhatIsNoRequest) {
  EXPECT_EQ(raw("hello\r\n\r\n").status, 400);
  EXPECT_EQ(raw(std::string("GET /\0 HTTP/1.1\r\n\r\n", 18)).status, 400);
  EXPECT_EQ(raw("GET / HTTP/1.0\r\n\r\n").status, 505);
  EXPECT_EQ(raw("GET / HTTP/1.1\r\nX-Test: 1\r\nx-test: 2\r\n\r\n").status, 400);
  EXPECT_EQ(raw("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n").status, 431);
  EXPECT_EQ(raw("GET /" + std::string(70'000, 'a') + " HTTP/1.1\r\n\r\n").status, 431);
  EXPECT_EQ(answered_, 0);
}

TEST_F(HttpServerTest, SendsContinueToAClientThatWaitsForIt) {
  HttpsConnection connection(server_->port());
  connection.send(
      "PUT /large HTTP/1.1\r\nHost: x\r\nX-Name: a\r\nContent-Length: 3\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 100);
  connection.send("abc");
  EXPECT_EQ(connection.receive().body, "PUT /large   3");
}

TEST_F(HttpServerTest, GivesUpOnSlowSenders) {
  start({.idle = std::chrono::milliseconds(200), .body_grace = std::chrono::milliseconds(200)});
  const auto given_up = [this](std::string_view bytes) {
    try {
      return raw(bytes).status == 0;
    } catch (const std::runtime_error&) {
      return true;  // on a busy machine the handshake was slow, too
    }
  };
  EXPECT_TRUE(given_up("GET / HT"));
  EXPECT_TRUE(
      given_up("PUT /large HTTP/1.1\r\nHost: x\r\nX-Name: a\r\nContent-Length: 3\r\n\r\na"));
  EXPECT_EQ(answered_, 0);
}

const std::string slow_body =
    "PUT /large HTTP/1.1\r\nHost: x\r\nX-Name: {}\r\nContent-Length: 1000\r\n\r\na";

std::string slow_body_of(const std::string& name) {
  std::string text = slow_body;
  return text.replace(text.find("{}"), 2, name);
}

bool answers_within_reason(std::uint16_t port) { return ask(port, "GET", "/x").status == 200; }

// W1: 256 silent connections shut the API for everybody.
TEST_F(HttpServerTest, ServesBesideManySilentConnections) {
  start({.max_connections = 8});
  std::vector<std::unique_ptr<HttpsConnection>> silent;
  for (int i = 0; i < 40; ++i) {
    silent.push_back(std::make_unique<HttpsConnection>(server_->port()));
    if (i % 10 == 9) {
      EXPECT_TRUE(answers_within_reason(server_->port()));
    }
  }
  EXPECT_LE(server_->connections(), 9);
}

TEST_F(HttpServerTest, LetsTheLongestSilentGoAndStrangersFirst) {
  start({.max_connections = 3});
  HttpsConnection known(server_->port()), stranger(server_->port()), second(server_->port());
  const auto ask_on = [](HttpsConnection& connection, const std::string& name) {
    connection.send(testing::request_bytes("PUT", "/large", {{"X-Name", name}}, "x"));
    return connection.receive().status;
  };
  EXPECT_EQ(ask_on(known, "a"), 200);
  HttpsConnection third(server_->port());
  EXPECT_EQ(ask_on(known, "a"), 200) << "silent longest, but known";
  EXPECT_EQ(ask_on(second, "b"), 200);
  EXPECT_EQ(ask_on(stranger, "c"), 0) << "had to go";
}

// W2: 64 bodies that never came kept everybody's out.
TEST_F(HttpServerTest, KeepsNothingForABodyOfAStranger) {
  EXPECT_EQ(raw("PUT /large HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n").status, 403);
  EXPECT_EQ(answered_, 0);
}

TEST_F(HttpServerTest, GivesACallerAQuarterOfTheRoomForBodies) {
  start({.max_bodies_bytes = 4000});
  HttpsConnection first(server_->port()), second(server_->port()), other(server_->port());
  first.send(slow_body_of("a"));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  second.send(slow_body_of("a"));
  EXPECT_EQ(second.receive().status, 503) << "a has its quarter";
  other.send(slow_body_of("b") + std::string(999, 'b'));
  EXPECT_EQ(other.receive().status, 200);
  const HttpsAnswer large =
      ask(server_->port(), "PUT", "/large", {{"X-Name", "c"}}, std::string(3500, 'x'));
  EXPECT_EQ(large.status, 503) << "not beside a's";
}

TEST_F(HttpServerTest, GivesACallerAShareOfTheConnections) {
  start({.max_connections_each = 2});
  std::vector<std::unique_ptr<HttpsConnection>> slow;
  for (int i = 0; i < 2; ++i) {
    slow.push_back(std::make_unique<HttpsConnection>(server_->port()));
    slow.back()->send(slow_body_of("a"));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(ask(server_->port(), "PUT", "/large", {{"X-Name", "a"}}, "x").status, 503);
  EXPECT_EQ(ask(server_->port(), "PUT", "/large", {{"X-Name", "b"}}, "x").status, 200);
}

// H7: 30 callers that asked for 9 MB and did not read took a gigabyte.
TEST_F(HttpServerTest, CountsAnswersThatNobodyReads) {
  start({.max_bodies_bytes = 40 << 20});
  HttpsConnection deaf(server_->port());
  deaf.send(testing::request_bytes("GET", "/long", {{"X-Name", "a"}}, {}));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(ask(server_->port(), "GET", "/long", {{"X-Name", "a"}}).status, 503);
  EXPECT_EQ(ask(server_->port(), "GET", "/long", {{"X-Name", "b"}}).status, 200);
}

TEST_F(HttpServerTest, StopsWhileHandlersRun) {
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([this] { ask(server_->port(), "GET", "/slow"); });
  }
  while (answered_ == 0) std::this_thread::yield();
  server_->stop();
  const int seen = answered_;
  for (auto& client : clients) client.join();
  EXPECT_EQ(answered_, seen) << "a handler ran after stop";
}

TEST(HttpServerStart, SaysWhatIsWrong) {
  const HttpServer::Service none{};
  EXPECT_THROW(HttpServer({.host = "127.0.0.1", .certificate_pem = "x", .key_pem = "y"}, none),
               Error);
}

}  // namespace
}  // namespace polder
