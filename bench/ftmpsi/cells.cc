#include "bench/ftmpsi/cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/error.h"

namespace polder::bench {
namespace {

constexpr std::array methods{Method::delegated, Method::quorum, Method::paillier,
                             Method::paillier_3072, Method::paillier_published};

// 50 x 512 on the Xeon is a model of its smaller runs. A key of 2048 bits costs 6.9 times as much.
constexpr std::array published_figures{
    Published{5, 4, 0.26, 0.37, 1.1},         Published{5, 16, 0.63, 0.87, 4.7},
    Published{5, 64, 2.35, 3.22, 19},         Published{5, 256, 9.39, 12.76, 68},
    Published{5, 512, 18.86, 25.51, 144},     Published{15, 4, 0.51, 0.68, 8.1},
    Published{15, 16, 1.55, 2.13, 29.5},      Published{15, 64, 5.68, 7.94, 95},
    Published{50, 4, 1.77, 3.34, 62},         Published{50, 16, 6.34, 12.03, 222},
    Published{50, 512, 195.63, 365.67, 5200},
};

constexpr std::pair<std::size_t, std::size_t> large_sizes[] = {
    {10, 1 << 14}, {10, 1 << 16}, {3, 1 << 16}, {10, 1'000'000}, {3, 10'000'000}};

std::vector<FtmpsiCell> published_table(Method method) {
  std::vector<FtmpsiCell> cells;
  for (const std::size_t banks : {5, 15, 25, 35, 40, 50}) {
    for (const std::size_t items : {4, 16, 64, 256, 512}) {
      cells.push_back({method, MatchSizes::of(banks, items)});
    }
  }
  return cells;
}

/// "50x512" or "50x512x25".
MatchSizes sizes_in(std::string_view text) {
  std::vector<std::uint64_t> numbers;
  const char *at = text.data(), *const end = at + text.size();
  while (true) {
    const auto [next, error] = std::from_chars(at, end, numbers.emplace_back());
    if (error != std::errc() || (next != end && *next != 'x')) numbers.clear();
    if (numbers.empty() || next == end) break;
    at = next + 1;
  }
  if (numbers.size() != 2 && numbers.size() != 3) {
    fail(Code::bad_input, "'{}' is no BANKSxITEMS or BANKSxITEMSxTHRESHOLD", text);
  }
  if (numbers[0] < 2 || numbers[0] > 64 || numbers[1] < 1) {
    fail(Code::bad_input, "'{}': 2 to 64 banks with an item or more", text);
  }
  MatchSizes sizes = MatchSizes::of(numbers[0], numbers[1]);
  if (numbers.size() == 3) sizes.threshold = numbers[2];
  return sizes;
}

}  // namespace

std::string_view name(Method method) {
  constexpr std::array<std::string_view, methods.size()> names{
      "delegated", "quorum", "paillier", "paillier-3072", "paillier-published"};
  return names.at(static_cast<std::size_t>(method));
}

std::vector<FtmpsiCell> ftmpsi_cells(std::string_view wanted) {
  std::vector<FtmpsiCell> cells;
  if (wanted == "scale") {
    for (const auto& [banks, items] : large_sizes) {
      cells.push_back({Method::quorum, MatchSizes::of(banks, items)});
    }
  }
  for (const Method method : methods) {
    const std::string_view own = name(method);
    if (wanted == own || (wanted == "ftmpsi" && method <= Method::paillier)) {
      for (const FtmpsiCell& cell : published_table(method)) cells.push_back(cell);
    } else if (wanted.starts_with(own) && wanted.substr(own.size()).starts_with('_')) {
      cells.push_back({method, sizes_in(wanted.substr(own.size() + 1))});
    }
  }
  return cells;
}

const Published* published(const MatchSizes& sizes) {
  const auto found = std::ranges::find_if(published_figures, [&](const Published& one) {
    return one.banks == sizes.banks && one.items == sizes.items;
  });
  return found == published_figures.end() ? nullptr : &*found;
}

}  // namespace polder::bench
