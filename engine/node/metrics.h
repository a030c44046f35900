// Counters for Prometheus. Only totals: nothing that names a client, table or value.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace polder {

/// Figures that others keep and that are asked for when the page is made.
struct Gauges {
  std::uint64_t sessions_running = 0;
  std::uint64_t sessions_waiting = 0;
  std::uint64_t session_bytes = 0;     // of memory, promised to sessions
  std::uint64_t idle_connections = 0;  // authenticated, to the other nodes
  std::uint64_t api_connections = 0;
  std::uint64_t store_bytes = 0;
  std::uint64_t disk_free_bytes = 0;
  std::uint64_t tables = 0;
  std::uint64_t damaged_tables = 0;
  std::int64_t certificate_seconds = 0;  // until the node's own ends
  bool ready = false;
};

class Metrics {
 public:
  void count_request(int status) { ++requests_[static_cast<std::size_t>(status / 100 % 10)]; }
  void count_session(std::string_view state);
  void count_work(std::uint64_t bytes_sent, std::uint64_t rows);
  void count_refused() { ++refused_; }
  void count_refused_connection() { ++refused_connections_; }
  void count_upload(std::uint64_t bytes) { upload_bytes_ += bytes; }

  /// The page in Prometheus' text format.
  std::string page(const Gauges& gauges) const;

 private:
  std::array<std::atomic<std::uint64_t>, 10> requests_{};  // by first digit of the status
  std::atomic<std::uint64_t> done_ = 0, failed_ = 0, cancelled_ = 0;
  std::atomic<std::uint64_t> bytes_sent_ = 0, rows_ = 0, upload_bytes_ = 0;
  std::atomic<std::uint64_t> refused_ = 0, refused_connections_ = 0;
};

}  // namespace polder
