// What every peer protocol must get right: one table of named cases, and the run of one of them
// against the oracle.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "match/peer_match.h"
#include "match/testing/scenarios.h"

namespace polder::testing {

struct PeerCase {
  std::string name;  // letters, digits and underscores
  PeerMatch match;
  std::vector<Bank> banks;
};
inline void PrintTo(const PeerCase& peer_case, std::ostream* out) { *out << peer_case.name; }

/// Slow protocols take fewer parties and rows.
struct PeerCaseSizes {
  std::size_t parties = 64;
  std::size_t rows = 1000;  // where a case says 'large'
};

/// Few rows; what needs no large number of parties. In seconds for every protocol.
std::vector<PeerCase> peer_cases(const PeerCaseSizes& sizes = {});
/// Every number of parties from 2 to 64, with one of the five thresholds where something may
/// change, another each time; with all five in a long run.
std::vector<PeerCase> every_party_count();
/// One number of parties with every threshold, with flags or without.
std::vector<PeerCase> every_threshold(std::size_t parties, bool flags, std::size_t rows = 12);
/// `rows` identifiers held by exactly one bank too few, all flagged: not one may come out.
PeerCase one_holder_short(std::size_t parties, std::uint64_t threshold, std::size_t rows);
/// Tables of `rows` that have nothing in common.
PeerCase disjoint(std::size_t parties, std::size_t rows);

PeerTable peer_table(const Bank& bank, bool flags);

/// Bounds that fit the banks' sizes exactly.
std::vector<std::uint64_t> sizes_of(const std::vector<Bank>& banks);

/// All parties' parts in this process over memory connections; the requester's answer.  Expects
/// that the others learn no rows.
PeerAnswer run(PeerProtocol* protocol, const PeerCase& peer_case);

/// The same, and expects that it is what the oracle says.
void expect_right(PeerProtocol* protocol, const PeerCase& peer_case);

/// Expects bad_input with `why` in its text.
void expect_refused(PeerProtocol* protocol, const PeerCase& wrong, const std::string& why);

/// Expects that all is refused that check_agreement and filled_table (peer_match.h) name.
void expect_wrong_agreements_refused(PeerProtocol* protocol);

}  // namespace polder::testing
