// How results are shown: a table for people, JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "bench/reference.h"
#include "bench/runner.h"

namespace polder::bench {

/// Machine, commit and date; calibration; then a line a row beside its references.
std::string table(const std::vector<Result>& results, const std::vector<Reference>& references);

/// [{"name", "n", "tls", "ns_per_row", "seconds", "bytes_per_row", "rounds", "peak_mb",
/// "shares_mb"}], medians.
std::string json(const std::vector<Result>& results);

}  // namespace polder::bench
