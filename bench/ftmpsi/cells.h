// What the group ftmpsi measures: a protocol at a number of banks and of items of each.
#pragma once

#include <string>
#include <vector>

#include "bench/bank_tables.h"

namespace polder::bench {

enum class Method {
  delegated,  // three nodes, tables in bins
  quorum,
  paillier,  // with a key of 2048 bits
  // These run only by name:
  paillier_3072,
  paillier_published,  // with the published filters, which err
};

struct FtmpsiCell {
  Method method;
  MatchSizes sizes;
};

std::string_view name(Method method);

/// The cells that a name on the command line stands for: "ftmpsi" the published table's 30 for each
/// protocol, "quorum" its 30, "quorum_50x512" or "quorum_50x512x25" (threshold) one, "scale" quorum
/// up to 10 x 10^6 and 3 x 10^7; "paillier-3072_5x16" and "paillier-published_5x16" as they say;
/// empty if it is no name of this group.
std::vector<FtmpsiCell> ftmpsi_cells(std::string_view wanted);

/// Seconds of the published programs, as far as they are known. With a key of 1024 bits, one
/// process, no network.
struct Published {
  std::size_t banks, items;
  double t_mpsi, ft_mpsi;  // on 32 cores
  double t_mpsi_cpu;       // processor seconds on two cores of a Xeon
};
const Published* published(const MatchSizes& sizes);

}  // namespace polder::bench
