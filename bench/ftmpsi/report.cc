#include "bench/ftmpsi/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/machine.h"

namespace polder::bench {
namespace {

using Line = std::vector<std::string>;

constexpr std::size_t memory_shown_from = 10'000;  // items

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// Three digits that matter, and no power of ten.
std::string shown(double number) {
  const int digits = number >= 99.95 ? 0 : number >= 9.995 ? 1 : number >= 0.9995 ? 2 : 3;
  return fmt::format("{:.{}f}", number, digits);
}

/// "0.02 / 0.33 / 0.76"
std::string shown_seconds(const AtDistances& at) {
  std::string text;
  for (const Figures& figures : at) {
    text += (text.empty() ? "" : " / ") + shown(figures.seconds);
  }
  return text + (at[0].from == Figures::From::modelled ? " *" : "");
}

std::string shown_costs(const Figures& figures) {
  return fmt::format("{}, {}, {:.0f}", shown(figures.cpu_seconds), shown(figures.bytes / 1e6),
                     figures.rounds);
}

std::string padded(const Line& line, const std::vector<std::size_t>& widths) {
  std::string text = "|";
  for (std::size_t i = 0; i < line.size(); ++i) {
    text += fmt::format(" {:<{}} |", line[i], widths[i]);
  }
  return text + "\n";
}

/// The first line is the head.
std::string markdown(const std::vector<Line>& lines) {
  std::vector<std::size_t> widths(lines[0].size(), 3);
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  Line rule;
  for (const std::size_t width : widths) rule.emplace_back(width, '-');
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += padded(lines[i], widths);
    if (i == 0) text += padded(rule, widths);
  }
  return text;
}

std::string shown_distances(const Distances& distances) {
  std::string text;
  for (const Clock::duration distance : distances) {
    text += fmt::format("{}{:g}", text.empty() ? "" : " / ", milliseconds(distance));
  }
  return text;
}

std::vector<Method> methods_in(const FtmpsiReport& report) {
  std::vector<Method> methods;
  for (const FtmpsiResult& result : report.results) {
    if (std::ranges::count(methods, result.cell.method) == 0) methods.push_back(result.cell.method);
  }
  return methods;
}

std::string shown(const MatchSizes& sizes) {
  return fmt::format("{} x {}, {}", sizes.banks, sizes.items, sizes.threshold);
}

Line head(const FtmpsiReport& report) {
  Line line{"banks x items, T", "published T-MPSI / FT-MPSI, s", "T-MPSI here, CPU s"};
  for (const Method method : methods_in(report)) {
    line.push_back(fmt::format("{}: s at {} ms", name(method), shown_distances(report.distances)));
    line.emplace_back("CPU s, MB, rounds");
  }
  return line;
}

Line line_of(const FtmpsiReport& report, const MatchSizes& sizes) {
  Line line{shown(sizes), "-", "-"};
  if (const Published* known = published(sizes)) {
    line[1] = fmt::format("{:.2f} / {:.2f}", known->t_mpsi, known->ft_mpsi);
    line[2] = shown(known->t_mpsi_cpu);
  }
  for (const Method method : methods_in(report)) {
    const auto found = std::ranges::find_if(report.results, [&](const FtmpsiResult& result) {
      return result.cell.method == method && shown(result.cell.sizes) == line[0];
    });
    const bool known = found != report.results.end();
    line.push_back(known ? shown_seconds(found->at) : "-");
    line.push_back(known ? shown_costs(found->at[0]) : "-");
  }
  return line;
}

std::string matches_table(const FtmpsiReport& report) {
  std::vector<Line> lines{head(report)};
  std::vector<std::string> done;
  for (const FtmpsiResult& result : report.results) {
    const std::string sizes = shown(result.cell.sizes);
    if (std::ranges::count(done, sizes) > 0) continue;
    done.push_back(sizes);
    lines.push_back(line_of(report, result.cell.sizes));
  }
  return markdown(lines);
}

std::string keys_table(const FtmpsiReport& report) {
  std::vector<Line> lines{{"protocol", "banks",
                           fmt::format("its key: s at {} ms", shown_distances(report.distances)),
                           "CPU s, MB, rounds"}};
  for (const KeyResult& key : report.keys) {
    lines.push_back({std::string(name(key.method)), fmt::format("{}", key.banks),
                     shown_seconds(key.at), shown_costs(key.at[0])});
  }
  return markdown(lines);
}

std::string_view name(Figures::From from) {
  if (from == Figures::From::measured) return "measured";
  return from == Figures::From::added_up ? "added up" : "model";
}

std::string json(const Published* known) {
  if (!known) return "null";
  return fmt::format(R"({{"t_mpsi": {}, "ft_mpsi": {}, "t_mpsi_cpu": {}}})", known->t_mpsi,
                     known->ft_mpsi, known->t_mpsi_cpu);
}

std::string json(const FtmpsiReport& report, std::string_view what, const AtDistances& at,
                 const Published* known) {
  std::string text;
  for (std::size_t i = 0; i < at.size(); ++i) {
    text += fmt::format(
        R"(,
 {{{}, "round_trip_ms": {:g}, "seconds": {:.6g}, "cpu_seconds": {:.6g}, "bytes": {:.0f}, )"
        R"("rounds": {:.0f}, "wrong_rows": {:.0f}, "peak_mb": {:.4g}, "from": "{}", "published": {}}})",
        what, milliseconds(report.distances[i]), at[i].seconds, at[i].cpu_seconds, at[i].bytes,
        at[i].rounds, at[i].wrong_rows, at[i].memory / 1e6, name(at[i].from), json(known));
  }
  return text;
}

std::string notes(const FtmpsiReport& report) {
  std::string text;
  for (const auto& [cell, at] : report.results) {
    if (cell.method != Method::quorum || cell.sizes.items < memory_shown_from) continue;
    text += fmt::format("\nmemory of all banks, {} x {}: {} MB", cell.sizes.banks, cell.sizes.items,
                        shown(at[0].memory / 1e6));
  }
  if (!text.empty()) {
    text +=
        fmt::format("\nfrom {} items on, waiting is added up, half a round trip a round\n", large);
  }
  for (const auto& [cell, at] : report.results) {
    if (cell.method != Method::paillier_published || at[0].from == Figures::From::modelled)
      continue;
    text += fmt::format("\npaillier-published, {}: {:.0f} of {} rows wrong\n", shown(cell.sizes),
                        at[0].wrong_rows, cell.sizes.items);
  }
  if (report.keys.empty()) return text;
  return text +
         fmt::format(
             "\npaillier: waiting is added up, half a round trip a round; * a model: above {:g} "
             "CPU seconds the line through two\nmeasured sizes, which where both are known was off "
             "by at most {:.0f} %; a key the mean of what luck decides, from two batches\n",
             report.budget, report.model_error * 100);
}

}  // namespace

std::string table(const FtmpsiReport& report) {
  std::string text =
      machine() +
      "all parties on these cores, bare lines; T-MPSI here: 2 cores of a Xeon, 1024-bit key; each "
      "answer checked\n\n" +
      matches_table(report);
  if (!report.keys.empty()) text += "\n" + keys_table(report);
  return text + notes(report);
}

std::string json(const FtmpsiReport& report) {
  std::string text;
  for (const auto& [cell, at] : report.results) {
    const auto what =
        fmt::format(R"("protocol": "{}", "banks": {}, "items": {}, "threshold": {})",
                    name(cell.method), cell.sizes.banks, cell.sizes.items, cell.sizes.threshold);
    text += json(report, what, at, published(cell.sizes));
  }
  for (const KeyResult& key : report.keys) {
    const auto what =
        fmt::format(R"("protocol": "{} key", "banks": {}, "items": null, "threshold": null)",
                    name(key.method), key.banks);
    text += json(report, what, key.at, nullptr);
  }
  return "[" + text.substr(std::min<std::size_t>(3, text.size())) + "]\n";
}

}  // namespace polder::bench
