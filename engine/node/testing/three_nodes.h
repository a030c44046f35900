// For tests: three polderd processes on this machine with folders of their own, organisations with
// keys, and signed requests.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "base/json.h"
#include "base/testing/test_folder.h"
#include "base/text_file.h"
#include "base/wall_clock.h"
#include "crypto/certificate.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "crypto/seal.h"
#include "net/socket.h"
#include "node/settings.h"
#include "node/testing/https.h"
#include "protocol/registry.h"
#include "store/notice.h"
#include "wire/component_hashes.h"
#include "wire/manifest.h"
#include "wire/network.h"
#include "wire/result_shares.h"
#include "wire/signed_request.h"

namespace polder::testing {

namespace json = boost::json;

/// A promised limit in seconds; where processes wait for processors, as much longer as they do.
inline double within(double promised) {
  double load = 0;
  getloadavg(&load, 1);
  return promised * std::max(1.0, load / std::thread::hardware_concurrency());
}

/// One that ends with the test.
class Process {
 public:
  /// Runs polderd with its log in `log`.
  Process(const std::filesystem::path& folder, const std::filesystem::path& network,
          const std::filesystem::path& log)
      : id_(fork()) {
    if (id_ != 0) return;
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(out, 2);
    dup2(out, 1);
    execl(POLDERD, "polderd", "--dir", folder.c_str(), "--network", network.c_str(), nullptr);
    _exit(127);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() { end(SIGKILL); }

  /// Sends the signal and waits; the exit status, or -signal if one killed it.
  int end(int signal) {
    if (id_ <= 0) return status_;
    kill(id_, signal);
    return wait();
  }
  int wait() {
    int status = 0;
    if (id_ > 0) {
      waitpid(id_, &status, 0);
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    id_ = -1;
    return status_;
  }
  pid_t id() const { return id_; }

 private:
  pid_t id_;
  int status_ = 0;
};

/// An organisation, as its own machine knows it.
struct Organisation {
  std::string name;
  SigningKey sign = SigningKey::random();
  ReceivingKey receive = ReceivingKey::random();

  Member member() const {
    Member made{
        .name = name, .sign = sign.verify_key().raw(), .seal = receive.seal_key(), .proof = {}};
    made.proof = sign.sign(member_text(made.name, made.sign, made.seal));
    return made;
  }
};

inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string random_hex(std::size_t bytes) {
  std::vector<std::uint8_t> raw(bytes);
  random_bytes(raw);
  return to_hex(raw);
}

inline json::object body_of(const HttpsAnswer& answer) {
  return parse_object(answer.body, "answer");
}
inline std::string error_code(const HttpsAnswer& answer) {
  return std::string(body_of(answer).at("error").at("code").as_string());
}
inline std::string error_message(const HttpsAnswer& answer) {
  return std::string(body_of(answer).at("error").at("message").as_string());
}

class ThreeNodes {
 public:
  explicit ThreeNodes(std::uint64_t memory_mb = 4096) {
    std::array<NodeCard, 3> cards;
    for (std::size_t role = 0; role < 3; ++role) {
      cards[role] = make_node({.folder = path(role),
                               .name = "node" + std::to_string(role),
                               .api = {"127.0.0.1", free_port()},
                               .mesh = {"127.0.0.1", free_port()}});
      change_settings(role, memory_mb);
    }
    network_ = std::make_unique<Network>(make_network(cards));
    write_file(network_file(), to_text(*network_));
    for (std::size_t role = 0; role < 3; ++role) start(role);
    for (std::size_t role = 0; role < 3; ++role) wait_until_up(role);
  }

  std::filesystem::path path(std::size_t role) const {
    return folder_.path() / ("node" + std::to_string(role));
  }
  std::filesystem::path network_file() const { return folder_.path() / "network.json"; }
  std::string log(std::size_t role) const { return file_contents(log_file(role)); }
  const Network& network() const { return *network_; }
  Process& process(std::size_t role) { return *processes_[role]; }
  std::uint16_t port(std::size_t role) const { return network_->nodes[role].api.port; }

  void start(std::size_t role) {
    processes_[role] = std::make_unique<Process>(path(role), network_file(), log_file(role));
  }
  /// Seconds until the API answers.
  double wait_until_up(std::size_t role) {
    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    while (ask(port(role), "GET", "/v1/health").status != 200) {
      if (seconds() > 60) throw std::runtime_error("node does not start: " + log(role));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return seconds();
  }

  SigningKey operator_key(std::size_t role) const {
    return parse_private_key(read_text(path(role) / "node.key"));
  }

  /// What a request's headers would be; tests bend them.
  Headers headers(std::size_t role, const SigningKey& key, std::string_view method,
                  std::string_view target, std::string_view body,
                  std::int64_t time_ms = now_ms()) const {
    const std::string nonce = random_hex(16);
    const std::string text = request_text({.method = method,
                                           .target = target,
                                           .network = network_->id,
                                           .role = static_cast<int>(role),
                                           .time_ms = time_ms,
                                           .nonce = nonce,
                                           .digest = body_digest(as_bytes(body))});
    return {{"Polder-Key", to_hex(key.verify_key().raw())},
            {"Polder-Time", std::to_string(time_ms)},
            {"Polder-Nonce", nonce},
            {"Polder-Digest", body_digest(as_bytes(body))},
            {"Polder-Signature", to_hex(key.sign(text))}};
  }

  HttpsAnswer signed_ask(std::size_t role, const SigningKey& key, std::string_view method,
                         std::string_view target, std::string_view body = {}) const {
    return ask(port(role), method, target, headers(role, key, method, target, body), body);
  }
  /// As the node's operator.
  HttpsAnswer get(std::size_t role, std::string_view target) const {
    return signed_ask(role, operator_key(role), "GET", target);
  }

  /// One statement of the operator of `by`, about a member or a table.
  Notice notice(std::size_t by, Notice::Kind kind, const std::string& about,
                const Organisation* member = nullptr) const {
    return signed_notice(network_->id,
                         {.kind = kind,
                          .about = about,
                          .member = member ? std::optional(member->member()) : std::nullopt,
                          .time_ms = now_ms(),
                          .signer = {},
                          .signature = {}},
                         operator_key(by));
  }
  /// Told to one node.
  HttpsAnswer tell(std::size_t role, const Notice& notice) const {
    return signed_ask(role, operator_key(role), "POST", "/v1/notices",
                      canonical(polder::to_json(notice)));
  }
  void admit(const Organisation& member) const {
    const Notice said = notice(0, Notice::Kind::admit, member.name, &member);
    for (std::size_t role = 0; role < 3; ++role) {
      const HttpsAnswer answer = tell(role, said);
      ASSERT_LT(answer.status, 300) << answer.body;
    }
  }

 private:
  static std::uint16_t free_port() { return local_port(listen_on({"127.0.0.1", 0})); }
  std::filesystem::path log_file(std::size_t role) const {
    return folder_.path() / ("log" + std::to_string(role));
  }
  /// Sessions have two lanes, the least of what the nodes are set to.
  void change_settings(std::size_t role, std::uint64_t memory_mb) {
    NodeSettings settings = parse_settings(read_text(path(role) / "node.json"));
    settings.memory_bytes = memory_mb << 20;
    settings.lanes = static_cast<std::uint8_t>(4 - role);
    write_file(path(role) / "node.json", to_text(settings));
  }

  TestFolder folder_;
  std::unique_ptr<Network> network_;
  std::array<std::unique_ptr<Process>, 3> processes_;
};

/// A table of made-up clients: row i is identifier ids[i], flagged if flags[i].
struct ClientTable {
  std::vector<std::uint64_t> ids;
  std::vector<bool> flags;
  std::vector<KeyColumn> key = {};
};

/// Splits and uploads the table to all three nodes; returns its handle.
class Upload {
 public:
  Upload(const ThreeNodes& nodes, const Organisation& owner, const ClientTable& table,
         TableRule serves = {.threshold = 1})
      : nodes_(nodes), owner_(owner) {
    const std::size_t n = table.ids.size();
    const Seeds seeds = this->seeds();
    Words rows(2 * n, 0), flags(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
      // Spread as a hash would: identifiers are compared by some of their lowest bits.
      rows[2 * i] = table.ids[i] * 0x9e3779b97f4a7c15u;
      rows[2 * i + 1] = table.ids[i] * 0xc2b2ae3d27d4eb4fu;
      flags[i] = table.flags[i] ? 1 : 0;
    }
    add(split_bits(PlainBits::of_rows(rows, n, 128), seeds, "client_id"));
    add(split_bits(PlainBits::of_rows(flags, n, 1), seeds, "flagged"));
    manifest_ = {.name = "clients",
                 .owner = owner.name,
                 .rows = n,
                 .columns = {{"client_id", "hash128", ColumnSpec::Kind::bits, 128},
                             {"flagged", "flag", ColumnSpec::Kind::bits, 1}},
                 .data_bytes = data_.size(),
                 .hashes = {seed_hash(0, seeds_[0]), seed_hash(1, seeds_[1]),
                            data_hash(blind_.raw(), as_bytes(data_))},
                 .created = static_cast<std::uint64_t>(now_ms()),
                 .serves = std::move(serves),
                 .key = table.key};
  }

  std::string handle() const { return handle_of(manifest_); }
  const Manifest& manifest() const { return manifest_; }
  const std::string& data() const { return data_; }

  HttpsAnswer begin(std::size_t role) const {
    const json::object body{{"manifest", polder::to_json(manifest_)},
                            {"signature", to_hex(owner_.sign.sign(canonical(manifest_)))}};
    return signed_ask(role, "POST", "/v1/uploads", canonical(body));
  }
  HttpsAnswer put_seeds(std::size_t role) const {
    const std::string front = as_text(seeds_[role == 1 ? 1 : 0]);
    const std::string rest = role == 0 ? as_text(seeds_[1]) : as_text(blind_.raw());
    return signed_ask(role, "PUT", path() + "/seeds", front + rest);
  }
  HttpsAnswer put_chunk(std::size_t role, std::size_t number) const {
    return signed_ask(role, "PUT", path() + "/chunks/" + std::to_string(number),
                      data_.substr(std::min(number << 22, data_.size()), 1 << 22));
  }
  HttpsAnswer finish(std::size_t role) const {
    return signed_ask(role, "POST", path() + "/finish");
  }
  HttpsAnswer publish(std::size_t role, const json::array& receipts) const {
    return signed_ask(role, "POST", path() + "/publish",
                      canonical(json::object{{"receipts", receipts}}));
  }
  std::string path() const { return "/v1/uploads/" + handle(); }

  /// The nodes' receipts.
  json::array send_and_finish() const {
    json::array receipts;
    for (std::size_t role = 0; role < 3; ++role) {
      expect(201, begin(role));
      expect(200, put_seeds(role));
      const std::size_t chunks = role == 0 ? 0 : (data_.size() + (1 << 22) - 1) >> 22;
      for (std::size_t k = 0; k < chunks; ++k) expect(200, put_chunk(role, k));
      const HttpsAnswer done = finish(role);
      expect(200, done);
      receipts.push_back(body_of(done).at("receipt"));
    }
    return receipts;
  }
  void send_all() const {
    const json::array receipts = send_and_finish();
    for (std::size_t role = 0; role < 3; ++role) expect(200, publish(role, receipts));
  }

 protected:
  Seeds seeds() const { return {.first = Key(seeds_[0]), .second = Key(seeds_[1])}; }
  /// A typed table in place of the clients: component 2 of each part, in order.
  void replace(const std::string& name, std::size_t rows, std::vector<TypedColumn> schema,
               TableRule serves, const std::vector<Words>& parts) {
    data_.clear();
    for (const Words& part : parts) add(part);
    manifest_.name = name;
    manifest_.rows = rows;
    manifest_.columns = parts_of(schema);
    manifest_.schema = std::move(schema);
    manifest_.serves = std::move(serves);
    manifest_.data_bytes = data_.size();
    manifest_.hashes[2] = data_hash(blind_.raw(), as_bytes(data_));
  }

 private:
  void add(const Words& words) {
    data_ += as_text(bytes_of(std::span<const std::uint64_t>(words)));
  }
  HttpsAnswer signed_ask(std::size_t role, std::string_view method, std::string_view target,
                         std::string_view body = {}) const {
    return nodes_.signed_ask(role, owner_.sign, method, target, body);
  }
  static void expect(int status, const HttpsAnswer& answer) {
    EXPECT_EQ(answer.status, status) << answer.body;
  }

  const ThreeNodes& nodes_;
  const Organisation& owner_;
  const std::array<Key::Raw, 2> seeds_{Key::random().raw(), Key::random().raw()};
  const Blind blind_ = Blind::random();
  std::string data_;
  Manifest manifest_;
};

}  // namespace polder::testing
