#include "node/node.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <condition_variable>
#include <thread>

#include "base/error.h"
#include "base/hardening.h"
#include "base/memory.h"
#include "base/text_file.h"
#include "base/version.h"
#include "base/wall_clock.h"
#include "crypto/certificate.h"
#include "crypto/files/own_folder.h"
#include "crypto/hex.h"
#include "node/http/api.h"
#include "node/http/http_status.h"
#include "node/log.h"
#include "node/notice_exchange.h"
#include "node/session/sessions.h"
#include "node/settings.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::int64_t uploads_kept_ms = 24 * 3600 * 1000;
constexpr std::uint64_t disk_wanted = 64 * 1024 * 1024;
constexpr std::string_view protocol = "rep3";

/// Throws Error forbidden if it is not valid today.
Certificate valid_certificate(const std::filesystem::path& file) {
  Certificate certificate = Certificate::parse(read_text(file));
  certificate.check_dates();
  return certificate;
}

/// Which of the network's nodes owns this certificate.
int role_of(const Network& network, const Certificate& own) {
  for (std::size_t role = 0; role < 3; ++role) {
    const Certificate pinned = Certificate::parse(network.nodes[role].certificate);
    if (pinned.der() == own.der()) return static_cast<int>(role);
  }
  fail(Code::forbidden,
       "node: network {} has no node with this folder's certificate; use the network file that was "
       "made with its card",
       network.id);
}

/// A file of at most `most` bytes that nobody else may read.
Bytes read_key_file(const std::filesystem::path& file, std::size_t most) {
  using std::filesystem::perms;
  std::error_code error;
  const auto rights = std::filesystem::status(file, error).permissions();
  if (!error && (rights & (perms::group_all | perms::others_all)) != perms::none) {
    fail(Code::forbidden, "{}: others may read this key; run chmod 600 on it", file.string());
  }
  std::string text = read_text(file, most);
  Bytes bytes(text.begin(), text.end());
  wipe(text.data(), text.size());
  return bytes;
}

StoreKey read_store_key(const std::filesystem::path& file) {
  const Bytes bytes = read_key_file(file, 32);
  if (bytes.size() != 32) fail(Code::bad_input, "{}: must have 32 bytes", file.string());
  return StoreKey::filled([&](StoreKey::Raw& raw) { std::ranges::copy(bytes, raw.begin()); });
}

std::string_view text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::array<VerifyKey, 3> keys_of(const Network& network) {
  const auto key = [&](std::size_t role) {
    return Certificate::parse(network.nodes[role].certificate).verify_key();
  };
  return {key(0), key(1), key(2)};
}

TlsContext::Options tls_options(const Network& network, int role, std::string_view key_pem) {
  TlsContext::Options options{
      .key_pem = key_pem,
      .certificate_pem = network.nodes[static_cast<std::size_t>(role)].certificate,
      .peers = {}};
  for (const int peer : {next_role(role), prev_role(role)}) {
    options.peers.push_back(
        {.role = static_cast<std::uint8_t>(peer),
         .certificate_pem = network.nodes[static_cast<std::size_t>(peer)].certificate});
  }
  return options;
}

/// The settings of a node's folder. Throws Error not_found that says where they could be instead.
NodeSettings read_settings(const std::filesystem::path& folder) {
  const auto file = folder / "node.json";
  if (std::filesystem::exists(file)) return parse_settings(read_text(file));
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (!std::filesystem::exists(entry.path() / "node.json", ignored)) continue;
    fail(Code::not_found, "{}: is no node's folder; {} is one", folder.string(),
         entry.path().string());
  }
  fail(Code::not_found,
       "{}: is no node's folder (there is no node.json); polder node init makes one",
       folder.string());
}

/// Calls `work` now and every second until it goes.
class Housekeeper {
 public:
  explicit Housekeeper(std::function<void()> work)
      : work_(std::move(work)), thread_([this] { run(); }) {}
  Housekeeper(const Housekeeper&) = delete;
  Housekeeper& operator=(const Housekeeper&) = delete;
  ~Housekeeper() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      work_();
      lock.lock();
      wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
    }
  }

  std::function<void()> work_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace

/// In order of construction; what is used stands above what uses it.
class Node::Parts {
 public:
  Parts(const std::filesystem::path& folder, Network network)
      : folder_(folder),
        alone_(folder),
        locked_({reinterpret_cast<const unsigned char*>(this), sizeof(*this)}),
        network_(std::move(network)),
        settings_(read_settings(folder)),
        certificate_(valid_certificate(folder / "node.crt")),
        role_(role_of(network_, certificate_)),
        key_pem_(read_key_file(folder / "node.key", 16 * 1024)),
        locked_pem_(key_pem_),
        key_(parse_private_key(text_of(key_pem_))),
        catalogue_(folder / "catalogue.db"),
        members_(catalogue_),
        nonces_(catalogue_),
        plans_(catalogue_),
        audit_(catalogue_, audit_start(network_.id, role_)),
        statements_(catalogue_, audit_),
        tables_(catalogue_, members_, read_store_key(folder / "store.key"), store_options()),
        spare_(folder / "spare"),
        tls_(tls_options(network_, role_, text_of(key_pem_))),
        links_(links_options()),
        admission_({.bytes = settings_.memory_bytes}),
        sessions_(session_services(), catalogue_),
        notices_(notice_options(), catalogue_, members_, tables_),
        authentication_({.network = network_.id, .role = role_, .node_keys = keys_of(network_)},
                        members_, nonces_),
        api_(services(), authentication_),
        server_(server_options(settings_.listen_api), api_.service()),
        metrics_server_(metrics_server()),
        exchange_(links_, notices_),
        housekeeper_([this] { tidy(); }) {
    log_event("started", {{"network", network_.id},
                          {"role", role_},
                          {"version", json::string(version)},
                          {"tables", tables_.published()},
                          {"damaged", tables_.damaged()}});
    if (const std::size_t outdated = tables_.outdated(); outdated > 0) {
      log_trouble("tables_of_an_earlier_network_file",
                  {{"count", outdated}, {"why", "upload them again"}});
    }
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() {
    cancellation_.cancel();
    sessions_.stop();
    server_.stop();
    if (metrics_server_) metrics_server_->stop();
  }

  std::uint16_t api_port() const { return server_.port(); }

 private:
  TableStore::Options store_options() {
    return {.folder = folder_ / "columns",
            .max_bytes = settings_.store_bytes,
            .identity = {.network = network_.id,
                         .role = role_,
                         .node_keys = keys_of(network_),
                         .sign = [this](std::string_view text) { return key_.sign(text); }},
            .quota = {.tables = settings_.member_tables, .bytes = settings_.member_bytes}};
  }

  Notices::Options notice_options() {
    return {.network = network_.id,
            .role = role_,
            .node_keys = keys_of(network_),
            .trust_operators = settings_.trust_operators,
            .on_expulsion = [this](std::string_view member) { sessions_.end_those_of(member); }};
  }

  Links::Options links_options() {
    const auto next = static_cast<std::size_t>(next_role(role_));
    return {.role = role_,
            .network = from_hex<16>(network_.id),
            .listener = listen_on(settings_.listen_mesh),
            .next = network_.nodes[next].mesh,
            .tls = tls_,
            .on_refusal = [this](const Error& error) {
              metrics_.count_refused_connection();
              log_at_most_once_a_second("line_refused", {{"why", error.what()}});
            }};
  }

  SessionServices session_services() {
    return {.network = network_.id,
            .role = role_,
            .protocol = std::string(protocol),
            .lanes = settings_.lanes,
            .member_sessions = settings_.member_sessions,
            .folder = folder_,
            .members = members_,
            .tables = tables_,
            .plans = plans_,
            .statements = statements_,
            .audit = audit_,
            .links = links_,
            .admission = admission_,
            .metrics = metrics_};
  }

  Services services() {
    return {.network = network_,
            .role = role_,
            .sign = [this](std::string_view text) { return key_.sign(text); },
            .folder = folder_,
            .members = members_,
            .notices = notices_,
            .spare = spare_,
            .tables = tables_,
            .plans = plans_,
            .statements = statements_,
            .audit = audit_,
            .sessions = sessions_,
            .metrics = metrics_,
            .gauges = [this] { return gauges(); },
            .round_trip = [this] { return links_.round_trip(); },
            .obstacle = [this] { return obstacle(); }};
  }

  HttpServer::Options server_options(const Address& listen) const {
    return {.host = listen.host,
            .port = listen.port,
            .certificate_pem = certificate_.pem(),
            .key_pem = std::string(text_of(key_pem_))};
  }

  /// For Prometheus, which signs nothing, at an address that strangers do not reach.
  std::unique_ptr<HttpServer> metrics_server() {
    if (!settings_.listen_metrics) return nullptr;
    HttpServer::Options options = server_options(*settings_.listen_metrics);
    options.workers = 1;
    options.max_connections = 16;
    HttpServer::Service service = api_.service();
    service.answer = [this](const HttpRequest& request) {
      if (request.method == "GET" && request.path == "/metrics")
        return metrics_answer(metrics_.page(gauges()));
      return error_answer(Code::not_found, "request: there is GET /metrics here, and nothing else");
    };
    return std::make_unique<HttpServer>(std::move(options), std::move(service));
  }

  Gauges gauges() {
    const Sessions::Counts counts = sessions_.counts();
    const Links::Idle idle = links_.idle();
    return {.sessions_running = counts.running,
            .sessions_waiting = counts.waiting,
            .session_bytes = admission_.bytes_in_use(),
            .idle_connections = idle.to_next + idle.from_prev,
            .api_connections = static_cast<std::uint64_t>(server_.connections()),
            .store_bytes = tables_.bytes_in_use(),
            .disk_free_bytes = tables_.bytes_free(),
            .tables = tables_.published(),
            .damaged_tables = tables_.damaged(),
            .certificate_seconds = std::chrono::duration_cast<std::chrono::seconds>(
                                       certificate_.valid_until() - Certificate::now())
                                       .count(),
            .ready = obstacle().empty()};
  }

  /// Why no session would start, as housekeeping found it last: to answer costs nothing.
  std::string obstacle() {
    const std::lock_guard lock(obstacle_mutex_);
    return obstacle_;
  }

  /// Whether a session would start: the store is whole, the disk has room, and the next node
  /// answers.
  std::string find_obstacle() {
    if (std::string trouble = tables_.trouble(); !trouble.empty()) return trouble;
    if (tables_.bytes_free() < disk_wanted) return "node: the disk is almost full; free some space";
    try {
      certificate_.check_dates();
      links_.warm(cancellation_);
      return {};
    } catch (const Error& error) {
      return error.what();
    }
  }

  void tidy() {
    std::string found = find_obstacle();
    {
      const std::lock_guard lock(obstacle_mutex_);
      obstacle_ = std::move(found);
    }
    try {
      if (tables_.bytes_free() > disk_wanted) spare_.refill();
      sessions_.tidy();
      notices_.tidy(now_ms());
      tables_.remove_abandoned(now_ms() - uploads_kept_ms);
      for (const std::string& handle : tables_.remove_ended(now_ms())) {
        log_event("table_ended", {{"table", handle}});
      }
    } catch (const Error& error) {
      log_at_most_once_a_second("tidy_failed", {{"why", error.what()}});
    }
  }

  const std::filesystem::path folder_;
  const FolderLock alone_;     // before anything there is read or written
  const LockedMemory locked_;  // the keys below lie within this object
  const Network network_;
  const NodeSettings settings_;
  const Certificate certificate_;
  const int role_;
  const Bytes key_pem_;
  const LockedMemory locked_pem_;
  const SigningKey key_;
  Catalogue catalogue_;
  Members members_;
  Nonces nonces_;
  Plans plans_;
  AuditLog audit_;
  Statements statements_;
  TableStore tables_;
  const SpareSpace spare_;
  TlsContext tls_;
  CancellationToken cancellation_;
  Links links_;
  Admission admission_;
  Metrics metrics_;
  Sessions sessions_;
  Notices notices_;
  std::mutex obstacle_mutex_;
  std::string obstacle_ = "node: it is starting";
  Authentication authentication_;
  Api api_;
  HttpServer server_;
  std::unique_ptr<HttpServer> metrics_server_;
  NoticeExchange exchange_;
  Housekeeper housekeeper_;
  Housekeeper wiper_{trim_unused};  // of its own: dialling a node that stands still takes seconds
};

Node::Node(const std::filesystem::path& folder, Network network)
    : parts_(std::make_unique<Parts>(folder, std::move(network))) {}
Node::~Node() = default;
std::uint16_t Node::api_port() const { return parts_->api_port(); }

}  // namespace polder
