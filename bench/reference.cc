#include "bench/reference.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "base/error.h"

namespace polder::bench {
namespace {

std::optional<double> figure(const std::string& text, std::size_t n) {
  if (text == "-") return std::nullopt;
  double value = 0;
  const char* const end = text.data() + text.size();
  const std::string unit = std::from_chars(text.data(), end, value).ptr;
  const auto rows = static_cast<double>(n);
  if (unit == "ns") return value * 1e-9 * rows;
  if (unit == "us") return value * 1e-6 * rows;
  if (unit == "ms") return value * 1e-3;
  if (unit == "s") return value;
  fail(Code::bad_input, "'{}' is no figure; write 10ns or 9.6us a row, 20ms or 0.55s the whole",
       text);
}

Reference parse(const std::string& line) {
  std::istringstream words(line);
  Reference reference;
  std::string limit, goal, goal_tls, peer;
  if (!(words >> reference.name >> reference.n >> limit >> goal >> goal_tls >> peer)) {
    fail(Code::bad_input, "reference line '{}' has fewer than six fields", line);
  }
  reference.limit = figure(limit, reference.n);
  reference.goal = figure(goal, reference.n);
  reference.goal_tls = figure(goal_tls, reference.n);
  reference.peer = figure(peer, reference.n);
  return reference;
}

}  // namespace

std::vector<Reference> read_references(const std::string& path) {
  std::ifstream file(path);
  if (!file) fail(Code::bad_input, "cannot read {}", path);
  std::vector<Reference> references;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') references.push_back(parse(line));
  }
  return references;
}

const Reference* find(const std::vector<Reference>& references, const std::string& name,
                      std::size_t n) {
  const auto found = std::ranges::find_if(
      references, [&](const Reference& r) { return r.name == name && r.n == n; });
  return found == references.end() ? nullptr : &*found;
}

}  // namespace polder::bench
