#include "node/metrics.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/memory.h"

namespace polder {
namespace {

std::string head(std::string_view name, std::string_view type, std::string_view help) {
  return fmt::format("# HELP polder_{0} {2}\n# TYPE polder_{0} {1}\n", name, type, help);
}

std::string gauge(std::string_view name, std::string_view help, std::uint64_t value) {
  return head(name, "gauge", help) + fmt::format("polder_{} {}\n", name, value);
}

std::string counter(std::string_view name, std::string_view help, std::uint64_t value) {
  return head(name, "counter", help) + fmt::format("polder_{} {}\n", name, value);
}

}  // namespace

void Metrics::count_session(std::string_view state) {
  if (state == "done") ++done_;
  if (state == "failed") ++failed_;
  if (state == "cancelled") ++cancelled_;
}

void Metrics::count_work(std::uint64_t bytes_sent, std::uint64_t rows) {
  bytes_sent_ += bytes_sent;
  rows_ += rows;
}

std::string Metrics::page(const Gauges& gauges) const {
  const PoolUse pool = pool_use();
  std::string out = head("sessions_ended_total", "counter", "Sessions by how they ended.");
  out += fmt::format("polder_sessions_ended_total{{state=\"done\"}} {}\n", done_.load());
  out += fmt::format("polder_sessions_ended_total{{state=\"failed\"}} {}\n", failed_.load());
  out += fmt::format("polder_sessions_ended_total{{state=\"cancelled\"}} {}\n", cancelled_.load());
  out += head("requests_total", "counter", "API requests by class of status.");
  for (std::size_t digit = 2; digit <= 5; ++digit) {
    out += fmt::format("polder_requests_total{{status=\"{}xx\"}} {}\n", digit,
                       requests_[digit].load());
  }
  out += counter("session_sent_bytes_total", "Bytes sent to other nodes.", bytes_sent_);
  out += counter("session_rows_total", "Input rows of sessions that ended well.", rows_);
  out += counter("refused_requests_total",
                 "Requests with a key, signature, time or nonce that is no good.", refused_);
  out += counter("refused_lines_total", "Callers at the mesh port that were turned away.",
                 refused_connections_);
  out += counter("upload_bytes_total", "Bytes of table data taken in.", upload_bytes_);
  out += gauge("sessions_running", "Sessions with memory.", gauges.sessions_running);
  out += gauge("sessions_waiting", "Sessions in the queue.", gauges.sessions_waiting);
  out += gauge("session_memory_bytes", "Memory promised to sessions.", gauges.session_bytes);
  out += gauge("pool_in_use_bytes", "Memory that holds shares now.", pool.in_use_bytes);
  out += gauge("pool_idle_bytes", "Memory kept for the next shares.", pool.idle_bytes);
  out += gauge("pool_peak_bytes", "Most memory that held shares.", pool.peak_bytes);
  out += gauge("idle_connections", "Open connections to other nodes without a session.",
               gauges.idle_connections);
  out += gauge("api_connections", "Open API connections.", gauges.api_connections);
  out += gauge("store_bytes", "Bytes of table files.", gauges.store_bytes);
  out += gauge("disk_free_bytes", "Free bytes on the store's disk.", gauges.disk_free_bytes);
  out += gauge("tables", "Published tables.", gauges.tables);
  out += gauge("damaged_tables", "Tables with missing or damaged files.", gauges.damaged_tables);
  out += gauge("certificate_seconds", "Until the node's certificate ends.",
               static_cast<std::uint64_t>(std::max<std::int64_t>(gauges.certificate_seconds, 0)));
  out += gauge("ready", "Whether a session would start now.", gauges.ready ? 1 : 0);
  return out;
}

}  // namespace polder
