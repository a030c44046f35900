// What the group ftmpsi shows: a table that is Markdown and lined up for the eye, or JSON.
#pragma once

#include <string>
#include <vector>

#include "bench/ftmpsi/measure.h"

namespace polder::bench {

/// What it takes to make a key, which the first run of paillier does; later ones use it again.
struct KeyResult {
  Method method;
  std::size_t banks;
  AtDistances at;
};

struct FtmpsiReport {
  Distances distances;
  double budget;  // processor seconds of a cell of paillier
  std::vector<FtmpsiResult> results;
  std::vector<KeyResult> keys;
  double model_error;
};

/// Machine and commit; a line for each size with the protocols side by side and the published
/// figures; a line for each number of banks that made a key; memory of large sizes; how many
/// rows were wrong under the published filters.
std::string table(const FtmpsiReport& report);

/// [{"protocol", "banks", "items", "threshold", "round_trip_ms", "seconds", "cpu_seconds", "bytes",
/// "rounds", "wrong_rows", "peak_mb", "from": "measured" | "added up" | "model", "published":
/// {"t_mpsi", "ft_mpsi", "t_mpsi_cpu"} | null}], keys as protocol "paillier key" and "paillier-3072
/// key" with items and threshold null.
std::string json(const FtmpsiReport& report);

}  // namespace polder::bench
