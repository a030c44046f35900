#include "protocol/rep3/split.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace polder::rep3 {
namespace {

Words expand(const Key* seed, std::size_t words, std::string_view column) {
  require(seed != nullptr, "a seed that this node should hold is missing");
  Words component(words);
  Stream(seed->derive("column " + std::string(column))).fill(component);
  return component;
}

}  // namespace

Words third_component(std::span<const std::uint64_t> value, const Seeds& seeds,
                      std::string_view column, Kind kind) {
  Words third = expand(&seeds.first, value.size(), column);
  const Words second = expand(&seeds.second, value.size(), column);
  for (std::size_t i = 0; i < value.size(); ++i) {
    third[i] =
        kind == Kind::bits ? value[i] ^ third[i] ^ second[i] : value[i] - third[i] - second[i];
  }
  return third;
}

std::vector<Words> node_components(int role, std::size_t words, const Sent& sent,
                                   std::string_view column) {
  std::vector<Words> held;
  for (const int component : {role, (role + 1) % node_count}) {
    if (component == 2) {
      if (sent.data.size() != words) {
        fail(Code::bad_input, "column '{}' has {} words of shares where {} belong; upload it again",
             column, sent.data.size(), words);
      }
      held.emplace_back(sent.data.begin(), sent.data.end());
    } else {
      held.push_back(expand(component == 0 ? sent.first : sent.second, words, column));
    }
  }
  return held;
}

Words put_together(const std::array<NodeShares, node_count>& nodes, Kind kind) {
  for (std::size_t i = 0; i < node_count; ++i) {
    const std::size_t next = (i + 1) % node_count;
    if (!std::ranges::equal(nodes[i].second, nodes[next].first)) {
      fail(Code::cheating,
           "nodes {} and {} sent different shares of one result: one of them is wrong; do not use "
           "this result, and ask "
           "the operators to compare their audit logs",
           i, next);
    }
  }
  Words value(nodes[0].first.begin(), nodes[0].first.end());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::uint64_t second = nodes[1].first[i], third = nodes[2].first[i];
    value[i] = kind == Kind::bits ? value[i] ^ second ^ third : value[i] + second + third;
  }
  return value;
}

}  // namespace polder::rep3
