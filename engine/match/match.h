// Flagged threshold private set intersection (FT-MPSI) and its family, on the three compute nodes.
// Of t parties, party i holds identifiers X_i of which F_i are flagged. A row x matches if at least
// `threshold` parties hold x and at least `min_flags` of them flagged it. What is opened, and only
// to the recipients, is one bit per own row or one number. Functionality, steps and the argument
// that nothing else is learned: docs/protocols/matching.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "match/delegated/bins.h"
#include "protocol/protocol.h"

namespace polder {

/// Bits of an identifier as it is uploaded: a keyed hash.
inline constexpr int identifier_width = 128;

/// Bits of it that the nodes compare, once coins have hashed it (ops/universal_hash.h), so that any
/// two of `rows` different identifiers are alike with probability <= 2^-40, whoever chose them:
/// ceil(40 + 2 log2 rows), at most 128.
int identifier_bits(std::uint64_t rows);

/// One party's table: an identifier at most once.
struct MatchParty {
  std::string name;
  Bits identifier;                 // [n_i] of identifier_width bits
  Bits flag;                       // [n_i] of one bit; empty in a run without flags
  std::optional<Arith> attribute;  // [n_i], for `sum` and `mean`
};

enum class Show {
  rows,   // one bit per own row, in the table's order, to a recipient that is a party
  count,  // how many own rows match; to a recipient without a table, how many identifiers match
  total,  // how many different identifiers all tables hold together
  sum,    // sum of the attribute over all matching rows that have one, and their number
  mean,   // that sum divided by that number, cut off after mean_fraction_bits(at_least)
};

/// Fraction bits of an opened mean, of which the lowest are zero.
inline constexpr int mean_format_bits = 20;

/// Those that are not: so few that every number of rows from at_least on is possible with every
/// mean. floor(log2 at_least), at most mean_format_bits; none without at_least. Why:
/// docs/protocols/matching.md, The mean.
int mean_fraction_bits(std::uint64_t at_least);

struct MatchRequest {
  std::uint64_t threshold = 2;  // 1 .. number of parties
  std::uint64_t min_flags = 1;  // 0: no flags are looked at
  Show show = Show::rows;
  /// Show nothing (no rows, 0) unless that many count: docs/protocols/matching.md, The least
  /// number.
  std::uint64_t at_least = 0;
  std::vector<std::string> recipients;
};

/// Runs the match and opens the answers to the recipients under the labels "rows", "count",
/// "total", "sum" and "having", "mean" (with mean_format_bits, as a signed number; the
/// sum must stay below 2^62 in size) and "defined" (0 if no row counts). parties: at least one,
/// with N = sum of n_i rows.  About log2 N + 1 comparisons a row and one bit back. Reveals to the
/// nodes: that no table holds an identifier twice (one bit, else the run stops). To each recipient:
/// its answer. Throws Error bad_input if a table holds an identifier twice or nobody's rows could
/// count, bad_schema if widths or sizes do not fit.
void match(Protocol& mpc, const MatchRequest& request, std::vector<MatchParty> parties,
           const Progress& progress);

/// The same for one recipient of rows or of their number, from a threshold of 2 on, on tables in
/// bins (delegated/bins.h): "rows" has one bit a bin. An identifier that a table holds twice counts
/// once, or not at all.  ~20 rounds. Reveals to the nodes: nothing. To the recipient: its answer.
/// Throws Error bad_input or bad_schema.
void match_for_one(Protocol& mpc, const MatchRequest& request, const BinnedTable& requester,
                   const std::vector<BinnedTable>& others, const Progress& progress);

}  // namespace polder
