// Flagged threshold private set intersection: every party learns which of its rows match (by
// sorting the union), or one does (in bins that the owners filled).
#include "match/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bench/bank_tables.h"
#include "bench/row.h"
#include "match/delegated/bins.h"
#include "match/index.h"

namespace polder::bench {
namespace {

std::string name_of(std::size_t bank) { return "bank " + std::to_string(bank); }

std::vector<MatchParty> shared(Node& node, const BankTables& tables) {
  std::vector<MatchParty> parties;
  for (std::size_t i = 0; i < tables.banks(); ++i) {
    const auto identifier = [&](std::size_t row, std::span<std::uint64_t> words) {
      const auto both = tables.identifier(i, row);
      std::copy_n(both.begin(), words.size(), words.begin());
    };
    const auto flag = [&](std::size_t row, std::span<std::uint64_t> words) {
      words[0] = tables.flagged(i, row);
    };
    parties.push_back({.name = name_of(i),
                       .identifier = node.share_bits(tables.rows(), identifier_width, identifier),
                       .flag = node.share_bits(tables.rows(), 1, flag),
                       .attribute = {}});
  }
  return parties;
}

/// What was delivered to the bank is what the definition says.
bool is_right(Node& node, const BankTables& tables, std::size_t bank, const MatchRequest& request) {
  const PlainBits rows = node.delivered(name_of(bank), "rows");
  bool right = rows.size() == tables.rows();
  for (std::size_t row = 0; right && row < tables.rows(); ++row)
    right = rows.flag(row) == tables.matches(bank, row, request.threshold, request.min_flags);
  return right;
}

Job ftmpsi(Node& node, const MatchSizes& sizes) {
  const BankTables tables(sizes);
  MatchRequest request{.threshold = sizes.threshold, .min_flags = 1, .recipients = {}};
  for (std::size_t i = 0; i < sizes.banks; ++i) request.recipients.push_back(name_of(i));
  return consuming(job(
      [&mpc = node.mpc(), request, parties = shared(node, tables)]() mutable {
        match(mpc, request, std::move(parties), [](double, std::string_view) {});
        return true;
      },
      [&node, tables, request](bool) {
        bool right = true;
        for (std::size_t i = 0; i < tables.banks(); ++i)
          right &= is_right(node, tables, i, request);
        return right;
      }));
}

/// A party's rows in these slots; what is in empty ones no other table has.
BinnedTable in_slots(Node& node, const BankTables& tables, std::size_t bank,
                     const std::vector<std::uint32_t>& slots, int width) {
  const auto identifier = [&](std::size_t slot, std::span<std::uint64_t> words) {
    const std::uint32_t row = slots[slot];
    const auto both = row == no_row
                          ? std::array{mixed(slot, 3 + 2 * bank), mixed(slot, 4 + 2 * bank)}
                          : tables.identifier(bank, row);
    std::copy_n(both.begin(), words.size(), words.begin());
  };
  const auto flag = [&](std::size_t slot, std::span<std::uint64_t> words) {
    words[0] = slots[slot] != no_row && tables.flagged(bank, slots[slot]);
  };
  return {.identifier = node.share_bits(slots.size(), width, identifier),
          .flag = node.share_bits(slots.size(), 1, flag)};
}

Job ftmpsi_bins(Node& node, const MatchSizes& sizes) {
  const BankTables tables(sizes);
  const std::uint64_t bins = bins_for(sizes.items);
  const std::uint64_t capacity = bin_capacity(sizes.items, bins, sizes.banks);
  const int width = binned_identifier_bits(sizes.banks * bins * capacity);
  const auto slots = place_once(tables.identifiers_of(0), bins);
  BinnedTable requester = in_slots(node, tables, 0, slots, width);
  std::vector<BinnedTable> others;
  for (std::size_t i = 1; i < sizes.banks; ++i) {
    const auto all = place_in_all(tables.identifiers_of(i), bins, capacity);
    others.push_back(in_slots(node, tables, i, all, width));
  }
  const MatchRequest request{.threshold = sizes.threshold, .min_flags = 1, .recipients = {}};
  return job(
      [&mpc = node.mpc(), request, requester = std::move(requester), others = std::move(others)] {
        const BinConditions conditions{.threshold = request.threshold,
                                       .min_flags = request.min_flags};
        // Safe: made-up data.
        mpc.open(match_in_bins(mpc, conditions, requester, others).matched,
                 Recipient{name_of(0), "rows"});
        return true;
      },
      [&node, tables, request, slots](bool) {
        const PlainBits rows = node.delivered(name_of(0), "rows");
        bool right = rows.size() == slots.size();
        for (std::size_t slot = 0; right && slot < slots.size(); ++slot) {
          const std::uint32_t row = slots[slot];
          const bool matches =
              row != no_row && tables.matches(0, row, request.threshold, request.min_flags);
          right = rows.flag(slot) == matches;
        }
        return right;
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
          by_name(row(MatchSizes::of(5, 2'000'000))),
          by_name(row(MatchSizes::of(3, 10'000'000)))};
}

}  // namespace polder::bench
