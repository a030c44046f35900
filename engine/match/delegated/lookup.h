// Look-up: whether a register holds an identifier, and what it reports of it, to the requester
// alone. A register holds an identifier once, so of the rows compared with one query at most one
// matches: the exclusive or of all comparisons is the answer, and the sum of all reports, each
// times 0 or 1, is the report. Neither takes a round or a byte that grows with the number of rows.
// Functionality, steps and the argument: docs/protocols/lookup.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/progress.h"
#include "protocol/protocol.h"

namespace polder {

/// Type of a column of reports: whoever uploads one approves that it is given to whoever asks about
/// its row.
inline constexpr std::string_view report_type = "report";

/// Queries of one look-up.
inline constexpr std::uint64_t max_queries = 64;

struct IncidentRegister {
  Bits identifier;              // [n] of identifier_width bits (match.h)
  std::optional<Arith> report;  // [n, words]: row after row
};

/// One bit a query, and `words` numbers a query: the report, or zeros.
struct Replies {
  Bits found;                   // [q] of one bit
  std::optional<Arith> report;  // [q, words]
};

/// queries: [q] of identifier_width bits, of which coins make w = identifier_bits(n + q).
/// 1 + ceil(log2 w) rounds and q (w - 1) / 8 B a row; with reports 3 more rounds and 8 q B a row.
/// Reveals nothing.  Throws Error bad_schema if widths
/// or sizes do not fit. A register that breaks the rule of one row an identifier answers wrongly
/// for that identifier, and for no other.
Replies find_in_register(Protocol& mpc, const Bits& queries, const IncidentRegister& incidents,
                         const Progress& progress);

/// The same, opened to `requester` under the labels "found" and "report".  1 round more each.
/// Reveals the replies to the requester, and to nobody else anything.
void look_up(Protocol& mpc, const Bits& queries, const IncidentRegister& incidents,
             const std::string& requester, const Progress& progress);

}  // namespace polder
