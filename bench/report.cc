#include "bench/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/machine.h"

namespace polder::bench {
namespace {

std::string duration(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.1f} us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.1f} ms", seconds * 1e3);
  return fmt::format("{:.2f} s", seconds);
}

/// A whole run's figure as a table shows it: a row's time, and how many times that we take.
std::string beside(const Result& result, std::optional<double> seconds) {
  if (!seconds) return fmt::format("{:>10} {:>6}", "-", "");
  return fmt::format("{:>10.1f} {:>5.2f}x", *seconds * 1e9 / static_cast<double>(result.n),
                     median(result.seconds) / *seconds);
}

/// How many times the shares that it read and wrote a run took at its peak.
std::string of_shares(const Result& result) {
  if (result.group == "calibration" || result.shares_mb == 0) return "-";
  return fmt::format("{:.1f}x", result.peak_mb / result.shares_mb);
}

std::string line(const Result& result, const Reference* reference) {
  const Reference none{};
  const Reference& figures = reference ? *reference : none;
  return fmt::format(
      "{:<14} {:>8} {:>4} {:>9.1f} {:>9.1f} {:>9.1f} {:>9} {:>7.1f} {:>6} {:>8.1f} {:>6}{}{}{}\n",
      result.name, result.n, result.tls ? "TLS" : "TCP", result.ns_per_row(median(result.seconds)),
      result.ns_per_row(std::ranges::min(result.seconds)),
      result.ns_per_row(median(result.cpu_seconds)), duration(median(result.seconds)),
      result.bytes_per_row, result.rounds, result.peak_mb, of_shares(result),
      beside(result, result.tls ? std::nullopt : figures.limit),
      beside(result, result.tls ? figures.goal_tls : figures.goal), beside(result, figures.peer));
}

std::string head() {
  return fmt::format(
      "{:<14} {:>8} {:>4} {:>9} {:>9} {:>9} {:>9} {:>7} {:>6} {:>8} {:>6}{:>10} {:>6}{:>10} "
      "{:>6}{:>10} "
      "{:>6}\n",
      "", "n", "line", "ns/row", "best", "CPU", "median", "B/row", "rounds", "peak MB", "shares",
      "limit", "", "goal", "", "peer", "");
}

/// What a calibration row says about the machine.
std::string calibration(const Result& result) {
  const double ns = result.ns_per_row(median(result.seconds));
  const std::string line = result.tls ? " (TLS)" : "";
  if (result.name == "memory_copy") return fmt::format("memory copy {:.1f} GB/s", 8 / ns);
  if (result.name == "aes_stream") return fmt::format("AES stream {:.1f} GB/s", 8 / ns);
  if (result.name == "loopback_bytes") return fmt::format("loopback {:.2f} ns/B{}", ns, line);
  if (result.name == "bare_round") return fmt::format("bare round {:.1f} us", ns / 1000);
  return fmt::format("one round {:.1f} us{}", ns / 1000, line);
}

}  // namespace

std::string table(const std::vector<Result>& results, const std::vector<Reference>& references) {
  std::string text = machine() + "three processes on one machine\n";
  for (const Result& result : results) {
    if (result.group == "calibration") text += calibration(result) + "; ";
  }
  text += "\n\n" + head();
  for (const Result& result : results)
    text += line(result, find(references, result.name, result.n));
  return text;
}

std::string json(const std::vector<Result>& results) {
  std::string text = "[";
  for (const Result& result : results) {
    const double seconds = median(result.seconds);
    text += fmt::format(
        R"({}{{"name": "{}", "n": {}, "tls": {}, "ns_per_row": {:.4g}, "seconds": {:.6g}, )"
        R"("bytes_per_row": {:.4g}, "rounds": {}, "peak_mb": {:.4g}, "shares_mb": {:.4g}}})",
        text.size() > 1 ? ",\n " : "", result.name, result.n, result.tls,
        result.ns_per_row(seconds), seconds, result.bytes_per_row, result.rounds, result.peak_mb,
        result.shares_mb);
  }
  return text + "]\n";
}

}  // namespace polder::bench
