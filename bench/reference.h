// Figures to stand beside ours: what this machine can do, what we want to reach, what others do.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace polder::bench {

/// Seconds for the whole of n rows.
struct Reference {
  std::string name;
  std::size_t n;
  std::optional<double> limit, goal, goal_tls, peer;
};

/// Lines of `name n limit goal goal_tls peer`; # starts a comment. A figure is a number and its
/// unit: ns or us a row, ms or s the whole; - where there is none.  Throws Error bad_input.
std::vector<Reference> read_references(const std::string& path);

const Reference* find(const std::vector<Reference>& references, const std::string& name,
                      std::size_t n);

}  // namespace polder::bench
