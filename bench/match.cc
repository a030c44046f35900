// Flagged threshold private set intersection: every party learns which of its rows match (by
// sorting the union), or one does (in bins that the owners filled).
#include "match/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "bench/row.h"
#include "match/delegated/bins.h"
#include "match/index.h"

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
  return consuming(job(
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
      }));
}

/// A party's rows in these places; what is in empty ones no other table has.
BinnedTable in_places(Node& node, const Tables& tables, std::size_t party,
                      const std::vector<std::uint32_t>& places, int width) {
  const Values identifiers = tables.identifiers_of(party), flags = tables.flags_of(party);
  Values words, marks;
  words.reserve(2 * places.size()), marks.reserve(places.size());
  for (std::size_t place = 0; place < places.size(); ++place) {
    const std::uint32_t row = places[place];
    words.push_back(row == no_row ? mixed(place, 3 + 2 * party) : identifiers[2 * row]);
    words.push_back(row == no_row ? mixed(place, 4 + 2 * party) : identifiers[2 * row + 1]);
    marks.push_back(row == no_row ? 0 : flags[row]);
  }
  return {.identifier = bits(node.share_bits(words, 128), 0, width),
          .flag = node.share_bits(marks, 1)};
}

Job ftmpsi_bins(Node& node, Sizes sizes) {
  const auto tables = std::make_shared<const Tables>(sizes);
  const std::uint64_t bins = bins_for(sizes.items);
  const std::uint64_t capacity = bin_capacity(sizes.items, bins, sizes.parties);
  const int width = binned_identifier_bits(sizes.parties * bins * capacity);
  const auto places = place_once(tables->identifiers_of(0), bins);
  BinnedTable asker = in_places(node, *tables, 0, places, width);
  std::vector<BinnedTable> others;
  for (std::size_t i = 1; i < sizes.parties; ++i) {
    const auto all = place_in_all(tables->identifiers_of(i), bins, capacity);
    others.push_back(in_places(node, *tables, i, all, width));
  }
  const MatchRequest request{.threshold = sizes.threshold(), .min_flags = 1, .recipients = {}};
  return job(
      [&mpc = node.mpc(), request, asker = std::move(asker), others = std::move(others)] {
        // Safe: made-up data.
        mpc.open(match_in_bins(mpc, request.threshold, request.min_flags, asker, others),
                 Recipient{name_of(0), "rows"});
        return true;
      },
      [&node, tables, request, places](bool) {
        const Values rows = tables->matches_of(0, request);
        Values expected;
        for (const std::uint32_t row : places) expected.push_back(row == no_row ? 0 : rows[row]);
        return node.delivered_bits(name_of(0), "rows") == expected;
      });
}

Row row(Sizes sizes) {
  return {fmt::format("ftmpsi_{}x{}", sizes.parties, sizes.items), "match", sizes.rows(),
          [sizes](Node& node, std::size_t) { return ftmpsi(node, sizes); }, Row::Size::fixed};
}

Row by_name(Row row) {
  row.wanted = Row::Wanted::by_name;
  return row;
}

Row row_in_bins(Sizes sizes) {
  return {fmt::format("ftmpsi_bins_{}x{}", sizes.parties, sizes.items), "match", sizes.rows(),
          [sizes](Node& node, std::size_t) { return ftmpsi_bins(node, sizes); }, Row::Size::fixed};
}

}  // namespace

std::vector<Row> matches() {
  return {row({50, 512}),
          row({5, 10'000}),
          row({5, 100'000}),
          row({5, 1 << 20}),
          row_in_bins({50, 512}),
          row_in_bins({5, 10'000}),
          row_in_bins({5, 100'000}),
          by_name(row({5, 2'000'000}))};
}

}  // namespace polder::bench
