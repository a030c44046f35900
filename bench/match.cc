// Flagged threshold private set intersection: every party learns which of its rows match.
#include "match/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "bench/row.h"

namespace polder::bench {
namespace {

struct Sizes {
  std::size_t parties, items;
  std::size_t rows() const { return parties * items; }
  std::uint64_t threshold() const { return parties / 3 + 1; }
};

/// A number that looks random, the same at every node: parts of identifiers, and flags.
std::uint64_t mixed(std::uint64_t x, std::uint64_t salt) {
  x = (x ^ salt << 48) * 0x9e37'79b9'7f4a'7c15;
  x = (x ^ x >> 32) * 0xd6e8'feb8'6659'fd93;
  return x ^ x >> 32;
}

/// Party i holds items i step .. i step + n - 1 in an order of its own, so that every number of
/// holders from one to most of the parties occurs.
struct Tables {
  explicit Tables(Sizes sizes)
      : step(std::max<std::size_t>(1, sizes.items * 5 / (4 * sizes.parties))),
        holders(sizes.parties * step + sizes.items, 0),
        flags(holders.size(), 0) {
    for (std::size_t i = 0; i < sizes.parties; ++i) {
      Values& held = items.emplace_back(sizes.items);
      std::iota(held.begin(), held.end(), i * step);
      std::ranges::shuffle(held, std::mt19937_64(i));
      for (const std::uint64_t item : held) ++holders[item], flags[item] += flagged(i, item);
    }
  }
  static bool flagged(std::size_t party, std::uint64_t item) { return mixed(item, party) % 5 == 0; }

  Values flags_of(std::size_t party) const {
    Values own;
    for (const std::uint64_t item : items[party]) own.push_back(flagged(party, item));
    return own;
  }
  Values identifiers_of(std::size_t party) const {
    Values rows;
    for (const std::uint64_t item : items[party]) {
      rows.push_back(mixed(item, 1));
      rows.push_back(mixed(item, 2));
    }
    return rows;
  }
  /// Straight from the definition: which of the party's rows match.
  Values matches_of(std::size_t party, const MatchRequest& request) const {
    Values rows;
    for (const std::uint64_t item : items[party]) {
      rows.push_back(holders[item] >= request.threshold && flags[item] >= request.min_flags);
    }
    return rows;
  }

  std::size_t step;
  std::vector<std::uint64_t> holders, flags;  // an item
  std::vector<Values> items;                  // a party
};

std::string name_of(std::size_t party) { return "party " + std::to_string(party); }

std::vector<MatchParty> shared(Node& node, const Tables& tables, int width) {
  std::vector<MatchParty> parties;
  for (std::size_t i = 0; i < tables.items.size(); ++i) {
    parties.push_back({.name = name_of(i),
                       .identifier = bits(node.share_bits(tables.identifiers_of(i), 128), 0, width),
                       .flag = node.share_bits(tables.flags_of(i), 1),
                       .attribute = {}});
  }
  return parties;
}

Job ftmpsi(Node& node, Sizes sizes) {
  const auto tables = std::make_shared<const Tables>(sizes);
  MatchRequest request{.threshold = sizes.threshold(), .min_flags = 1, .recipients = {}};
  for (std::size_t i = 0; i < sizes.parties; ++i) request.recipients.push_back(name_of(i));
  return job(
      [&mpc = node.mpc(), request,
       parties = shared(node, *tables, identifier_bits(sizes.rows()))]() mutable {
        match(mpc, request, std::move(parties), [](double, std::string_view) {});
        return true;
      },
      [&node, tables, request](bool) {
        bool right = true;
        for (std::size_t i = 0; i < tables->items.size(); ++i) {
          right &= node.delivered_bits(name_of(i), "rows") == tables->matches_of(i, request);
        }
        return right;
      });
}

Row row(Sizes sizes) {
  return {fmt::format("ftmpsi_{}x{}", sizes.parties, sizes.items), "match", sizes.rows(),
          [sizes](Node& node, std::size_t) { return ftmpsi(node, sizes); }, Row::Size::fixed};
}

}  // namespace

std::vector<Row> matches() { return {row({50, 512}), row({5, 100'000}), row({5, 1 << 20})}; }

}  // namespace polder::bench
