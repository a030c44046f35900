// What the command line asks for.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "net/testing/delaying_channel.h"

namespace polder::bench {

struct Options {
  std::vector<std::string> wanted;  // groups and rows; empty: all
  bool json = false;
  bool help = false;
  std::optional<std::size_t> n;
  std::vector<bool> tls = {false, true};
  std::optional<int> repeats;            // unless the group's own; 0: only the warm-up counts
  std::size_t lanes = 1;                 // threads of a node that compute
  std::string instructions;              // the only set that kernels may use; empty: the best
  std::optional<Uplink::Options> delay;  // a slower line than this machine's
  double budget_seconds = 100;           // of CPU, for what has a model if it takes longer
};

/// Throws Error bad_input.
Options parse_options(std::span<char* const> arguments);

}  // namespace polder::bench
