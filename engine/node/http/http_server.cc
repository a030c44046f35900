#include "node/http/http_server.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <list>
#include <map>
#include <optional>
#include <thread>

#include "base/error.h"
#include "node/fair_share.h"

namespace polder {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
namespace {

using Body = http::vector_body<std::uint8_t, PoolAllocator<std::uint8_t>>;
using Parser = http::request_parser<Body>;
using Stream = beast::ssl_stream<beast::tcp_stream>;
using error_code = boost::system::error_code;

constexpr std::size_t bytes_per_second = 64 * 1024;  // slower than this, a body is given up

asio::ssl::context make_tls(const HttpServer::Options& options) {
  asio::ssl::context tls(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_3_VERSION);
  SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_num_tickets(tls.native_handle(), 0);  // no resumption, so no early data either
  try {
    tls.use_certificate_chain(asio::buffer(options.certificate_pem));
    tls.use_private_key(asio::buffer(options.key_pem), asio::ssl::context::pem);
  } catch (const boost::system::system_error& error) {
    fail(Code::bad_input, "api: the node's certificate and key cannot be used ({})", error.what());
  }
  return tls;
}

/// Lets a coroutine go on with the error in hand.
auto caught(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

/// The client broke HTTP's rules, as opposed to leaving.
bool breaks_rules(const error_code& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

/// Counts something for as long as it lives.
class Counted {
 public:
  explicit Counted(std::atomic<std::size_t>& counter) : counter_(counter) { ++counter_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --counter_; }

 private:
  std::atomic<std::size_t>& counter_;
};

/// Trivially destroyed on purpose: g++ 12 destroys a braced temporary in a co_await twice.
struct Refusal {
  int status;
  std::string_view why;
};

/// What is wrong with a head before its body is looked at.
std::optional<Refusal> objection(const Parser& parser, std::size_t most) {
  const auto& head = parser.get();
  if (parser.chunked()) return Refusal{411, "the body's length must be given (Content-Length)"};
  if (head.version() != 11) return Refusal{505, "HTTP/1.1 is spoken here"};
  for (const auto& field : head) {
    const auto [first, last] = head.equal_range(field.name_string());
    if (std::distance(first, last) > 1) return Refusal{400, "a header is given twice"};
  }
  const std::uint64_t length = parser.content_length().value_or(0);
  if (length > most) {
    return Refusal{413, "the body is longer than is taken here"};
  }
  return std::nullopt;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// What there is of a request before its body.
HttpRequest head_of(const Parser& parser, const std::string& from) {
  const auto& message = parser.get();
  HttpRequest request{.method = std::string(message.method_string()),
                      .target = std::string(message.target()),
                      .path = {},
                      .query = {},
                      .headers = {},
                      .body = {},
                      .from = from};
  const std::size_t mark = request.target.find('?');
  request.path = request.target.substr(0, mark);
  if (mark != std::string::npos) request.query = request.target.substr(mark + 1);
  for (const auto& field : message) {
    request.headers.emplace(lower(field.name_string()), std::string(field.value()));
  }
  return request;
}

/// A connection, as the choice of one that has to go needs it.
struct Connection {
  Stream& stream;
  std::string from;          // the caller's address
  std::string account = {};  // once a request was signed
  bool silent = true;        // nothing is being done for it
  std::uint64_t since = 0;   // when that began: a number that grows
};

/// Keeps a connection in a list for as long as it lives.
class Listed {
 public:
  Listed(std::list<Connection*>& list, Connection& connection)
      : list_(list), place_(list.insert(list.end(), &connection)) {}
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed() { list_.erase(place_); }

 private:
  std::list<Connection*>& list_;
  std::list<Connection*>::iterator place_;
};

http::response<http::string_body> response_of(HttpResponse answer, bool keep) {
  http::response<http::string_body> response(static_cast<http::status>(answer.status), 11);
  response.set(http::field::content_type, answer.type);
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  if (!answer.allow.empty()) response.set(http::field::allow, answer.allow);
  response.keep_alive(keep);
  response.body() = std::move(answer.body);
  response.prepare_payload();
  return response;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : found->second;
}

class HttpServer::Loop {
 public:
  Loop(Options options, Service service)
      : options_(std::move(options)),
        service_(std::move(service)),
        tls_(make_tls(options_)),
        bodies_(options_.max_bodies_bytes),
        io_(std::make_unique<asio::io_context>(1)),
        acceptor_(listen()),
        workers_(std::make_unique<asio::thread_pool>(static_cast<std::size_t>(options_.workers))) {
    asio::co_spawn(*io_, accept(), asio::detached);
    thread_ = std::thread([this] { io_->run(); });
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() { stop(); }

  void stop() {
    if (!io_) return;
    io_->stop();
    thread_.join();
    workers_->stop();
    workers_->join();
    // What was suspended goes with the queues that it waited in, and its sockets with it.
    workers_.reset();
    acceptor_.reset();
    io_.reset();
  }

  std::uint16_t port() const { return port_; }
  int connections() const { return static_cast<int>(connections_); }

 private:
  std::unique_ptr<tcp::acceptor> listen() {
    try {
      tcp::resolver resolver(*io_);
      const auto found = resolver.resolve(options_.host, std::to_string(options_.port));
      auto acceptor = std::make_unique<tcp::acceptor>(*io_, found.begin()->endpoint());
      port_ = acceptor->local_endpoint().port();
      return acceptor;
    } catch (const boost::system::system_error& error) {
      fail(Code::bad_input, "api: cannot listen on {}:{} ({}); is another node running there?",
           options_.host, options_.port, error.what());
    }
  }

  asio::awaitable<void> accept() {
    for (;;) {
      error_code error;
      tcp::socket socket = co_await acceptor_->async_accept(caught(error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // no descriptors left: wait for some
        asio::steady_timer pause(*io_, std::chrono::milliseconds(100));
        co_await pause.async_wait(caught(error));
        continue;
      }
      const bool full = connections_ >= static_cast<std::size_t>(options_.max_connections);
      if (full && !close_longest_silent()) continue;  // closes the new one
      asio::co_spawn(*io_, serve(std::move(socket)), asio::detached);
    }
  }

  /// Of the address that has most of them; whoever signed a request goes last. Whoever is served
  /// stays: false if that is everybody.
  bool close_longest_silent() {
    std::map<std::string_view, std::size_t> of_address;
    for (const Connection* each : open_) ++of_address[each->from];
    const auto rank = [&](const Connection& each) {
      return std::tuple(each.account.empty(), of_address[each.from], ~each.since);
    };
    Connection* chosen = nullptr;
    for (Connection* each : open_) {
      if (!each->silent || !beast::get_lowest_layer(each->stream).socket().is_open()) continue;
      if (chosen == nullptr || rank(*each) > rank(*chosen)) chosen = each;
    }
    if (chosen == nullptr) return false;
    beast::get_lowest_layer(chosen->stream).close();
    return true;
  }

  /// Whether this account has more connections than one may have.
  bool too_many(const std::string& account) const {
    const auto count = std::ranges::count(open_, account, &Connection::account);
    return !account.empty() && count > options_.max_connections_each;
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    const Counted counted(connections_);
    error_code error;
    socket.set_option(tcp::no_delay(true), error);
    const auto endpoint = socket.remote_endpoint(error);
    Stream stream(std::move(socket), tls_);
    Connection connection{
        .stream = stream, .from = endpoint.address().to_string(), .since = ++moments_};
    const Listed listed(open_, connection);
    beast::get_lowest_layer(stream).expires_after(options_.idle);
    co_await stream.async_handshake(asio::ssl::stream_base::server, caught(error));
    beast::flat_buffer buffer(options_.max_header_bytes + 64 * 1024);
    bool keep = !error;
    while (keep) {
      connection.silent = true;
      connection.since = ++moments_;
      keep = co_await exchange(connection, buffer);
    }
    beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(1));
    co_await stream.async_shutdown(caught(error));
  }

  /// One request and its answer; false if the connection is done.
  asio::awaitable<bool> exchange(Connection& connection, beast::flat_buffer& buffer) {
    Stream& stream = connection.stream;
    error_code error;
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(options_.max_header_bytes));
    parser.body_limit(boost::none);  // checked below, before memory is taken
    beast::get_lowest_layer(stream).expires_after(options_.idle);
    co_await http::async_read_header(stream, buffer, parser, caught(error));
    if (error == http::error::header_limit) {
      co_return co_await refuse(stream, {431, "the request's head is too long"});
    }
    if (breaks_rules(error)) {
      co_return co_await refuse(stream, {400, "this is not an HTTP request"});
    }
    if (error) co_return false;
    connection.silent = false;

    const std::string_view target = parser.get().target();
    const std::size_t most =
        service_.max_body(parser.get().method_string(), target.substr(0, target.find('?')));
    const std::optional<Refusal> refusal = objection(parser, most);
    if (refusal) co_return co_await refuse(stream, *refusal);

    const auto length = static_cast<std::size_t>(parser.content_length().value_or(0));
    HttpRequest request = head_of(parser, connection.from);
    std::variant<std::string, HttpResponse> admitted;
    if (length > 0) admitted = service_.admit(request);
    if (auto* const no = std::get_if<HttpResponse>(&admitted)) {
      co_await write(stream, std::move(*no), false);
      co_return false;
    }
    auto& account = std::get<std::string>(admitted);
    if (!account.empty()) connection.account = account;
    const auto held = bodies_.take(account, length);
    if (!held || too_many(account)) {
      co_return co_await refuse(stream,
                                {503, "too many requests of this caller at once; try again soon"});
    }
    parser.body_limit(length);
    const bool ready = co_await read_body(stream, buffer, parser, length);
    if (!ready) co_return false;

    const bool keep = parser.keep_alive();
    request.body = std::move(parser.get().body());
    HttpResponse answer = co_await work(request);
    if (!answer.account.empty()) connection.account = answer.account;
    const auto answering = bodies_.take(answer.account, answer.body.size());
    if (!answering || too_many(connection.account)) {
      co_return co_await refuse(stream,
                                {503, "too many answers to this caller at once; try again soon"});
    }
    co_return co_await write(stream, std::move(answer), keep);
  }

  asio::awaitable<bool> read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                  std::size_t length) {
    error_code error;
    const auto cancellation = options_.body_grace + std::chrono::seconds(length / bytes_per_second);
    beast::get_lowest_layer(stream).expires_after(cancellation);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      http::response<http::empty_body> go(http::status::continue_, 11);
      co_await http::async_write(stream, go, caught(error));
      if (error) co_return false;
    }
    co_await http::async_read(stream, buffer, parser, caught(error));
    co_return !error;
  }

  asio::awaitable<HttpResponse> work(const HttpRequest& request) {
    HttpResponse answer;
    co_await asio::co_spawn(
        *workers_,
        [this, &request, &answer]() -> asio::awaitable<void> {
          answer = service_.answer(request);
          co_return;
        },
        asio::use_awaitable);
    co_return answer;
  }

  asio::awaitable<bool> refuse(Stream& stream, Refusal refusal) {
    HttpResponse answer = service_.refuse(refusal.status, refusal.why);
    co_await write(stream, std::move(answer), false);
    co_return false;
  }

  asio::awaitable<bool> write(Stream& stream, HttpResponse answer, bool keep) {
    error_code error;
    const auto cancellation =
        options_.body_grace + std::chrono::seconds(answer.body.size() / bytes_per_second);
    auto response = response_of(std::move(answer), keep);
    beast::get_lowest_layer(stream).expires_after(cancellation);
    co_await http::async_write(stream, response, caught(error));
    co_return keep && !error;
  }

  Options options_;
  Service service_;
  asio::ssl::context tls_;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_ = 0;
  FairShare bodies_;             // this and the next two: of the I/O thread
  std::list<Connection*> open_;  // in order of arrival
  std::uint64_t moments_ = 0;
  std::unique_ptr<asio::io_context> io_;
  std::unique_ptr<tcp::acceptor> acceptor_;
  std::unique_ptr<asio::thread_pool> workers_;
  std::thread thread_;
};

HttpServer::HttpServer(Options options, Service service)
    : loop_(std::make_unique<Loop>(std::move(options), std::move(service))) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return loop_->port(); }
int HttpServer::connections() const { return loop_->connections(); }
void HttpServer::stop() { loop_->stop(); }

}  // namespace polder
