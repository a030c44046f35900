// Flagged threshold private set intersection: every party learns which of its rows match (by
// sorting the union), or one does (in bins that the owners filled).
#include "match/match.h"

#include <fmt/format.h>

#include "bench/bank_tables.h"
#include "bench/row.h"
#include "match/delegated/bins.h"
#include "match/index.h"

namespace polder::bench {
namespace {

std::string name_of(std::size_t bank) { return "bank " + std::to_string(bank); }

std::vector<MatchParty> shared(Node& node, const BankTables& tables, int width) {
  std::vector<MatchParty> parties;
  for (std::size_t i = 0; i < tables.items.size(); ++i) {
    parties.push_back({.name = name_of(i),
                       .identifier = bits(node.share_bits(tables.identifiers_of(i), 128), 0, width),
                       .flag = node.share_bits(tables.flags_of(i), 1),
                       .attribute = {}});
  }
  return parties;
}

Job ftmpsi(Node& node, const MatchSizes& sizes) {
  const auto tables = std::make_shared<const BankTables>(sizes);
  MatchRequest request{.threshold = sizes.threshold, .min_flags = 1, .recipients = {}};
  for (std::size_t i = 0; i < sizes.banks; ++i) request.recipients.push_back(name_of(i));
  return consuming(job(
      [&mpc = node.mpc(), request,
       parties = shared(node, *tables, identifier_bits(sizes.rows()))]() mutable {
        match(mpc, request, std::move(parties), [](double, std::string_view) {});
        return true;
      },
      [&node, tables, request](bool) {
        bool right = true;
        for (std::size_t i = 0; i < tables->items.size(); ++i) {
          right &= node.delivered_bits(name_of(i), "rows") ==
                   tables->matches_of(i, request.threshold, request.min_flags);
        }
        return right;
      }));
}

/// A party's rows in these places; what is in empty ones no other table has.
BinnedTable in_places(Node& node, const BankTables& tables, std::size_t bank,
                      const std::vector<std::uint32_t>& places, int width) {
  const Values identifiers = tables.identifiers_of(bank), flags = tables.flags_of(bank);
  Values words, marks;
  words.reserve(2 * places.size()), marks.reserve(places.size());
  for (std::size_t place = 0; place < places.size(); ++place) {
    const std::uint32_t row = places[place];
    words.push_back(row == no_row ? mixed(place, 3 + 2 * bank) : identifiers[2 * row]);
    words.push_back(row == no_row ? mixed(place, 4 + 2 * bank) : identifiers[2 * row + 1]);
    marks.push_back(row == no_row ? 0 : flags[row]);
  }
  return {.identifier = bits(node.share_bits(words, 128), 0, width),
          .flag = node.share_bits(marks, 1)};
}

Job ftmpsi_bins(Node& node, const MatchSizes& sizes) {
  const auto tables = std::make_shared<const BankTables>(sizes);
  const std::uint64_t bins = bins_for(sizes.items);
  const std::uint64_t capacity = bin_capacity(sizes.items, bins, sizes.banks);
  const int width = binned_identifier_bits(sizes.banks * bins * capacity);
  const auto places = place_once(tables->identifiers_of(0), bins);
  BinnedTable asker = in_places(node, *tables, 0, places, width);
  std::vector<BinnedTable> others;
  for (std::size_t i = 1; i < sizes.banks; ++i) {
    const auto all = place_in_all(tables->identifiers_of(i), bins, capacity);
    others.push_back(in_places(node, *tables, i, all, width));
  }
  const MatchRequest request{.threshold = sizes.threshold, .min_flags = 1, .recipients = {}};
  return job(
      [&mpc = node.mpc(), request, asker = std::move(asker), others = std::move(others)] {
        // Safe: made-up data.
        mpc.open(match_in_bins(mpc, request.threshold, request.min_flags, asker, others),
                 Recipient{name_of(0), "rows"});
        return true;
      },
      [&node, tables, request, places](bool) {
        const Values rows = tables->matches_of(0, request.threshold, request.min_flags);
        Values expected;
        for (const std::uint32_t row : places) expected.push_back(row == no_row ? 0 : rows[row]);
        return node.delivered_bits(name_of(0), "rows") == expected;
      });
}

Row row(const MatchSizes& sizes) {
  return {fmt::format("ftmpsi_{}x{}", sizes.banks, sizes.items), "match", sizes.rows(),
          [sizes](Node& node, std::size_t) { return ftmpsi(node, sizes); }, Row::Size::fixed};
}

Row by_name(Row row) {
  row.wanted = Row::Wanted::by_name;
  return row;
}

}  // namespace

Row ftmpsi_in_bins(const MatchSizes& sizes) {
  return {fmt::format("ftmpsi_bins_{}x{}", sizes.banks, sizes.items), "match", sizes.rows(),
          [sizes](Node& node, std::size_t) { return ftmpsi_bins(node, sizes); }, Row::Size::fixed};
}

std::vector<Row> matches() {
  return {row(MatchSizes::of(50, 512)),
          row(MatchSizes::of(5, 10'000)),
          row(MatchSizes::of(5, 100'000)),
          row(MatchSizes::of(5, 1 << 20)),
          ftmpsi_in_bins(MatchSizes::of(50, 512)),
          ftmpsi_in_bins(MatchSizes::of(5, 10'000)),
          ftmpsi_in_bins(MatchSizes::of(5, 100'000)),
          by_name(row(MatchSizes::of(5, 2'000'000)))};
}

}  // namespace polder::bench
