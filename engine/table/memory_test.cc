// Oracle: bytes counted by hand.
#include "table/memory.h"

#include <gtest/gtest.h>

#include "table/registry.h"

namespace polder {
namespace {

const Registry& registry() {
  static const Registry all = [] {
    Registry made;
    add_table_operators(made);
    return made;
  }();
  return all;
}

/// The sum of a column of `rows` rows, its type repeated in `columns` columns.
Graph sum_of(std::int64_t rows, int columns) {
  Graph graph(registry());
  Json::List list;
  for (int i = 0; i < columns; ++i)
    list.push_back(Json::List{"x" + std::to_string(i), to_json(Type::integer(0, 255))});
  const StepId scan =
      graph.add("scan@1", {},
                Json::Object{{"table", "t"}, {"most_rows", rows}, {"columns", std::move(list)}});
  const StepId column = graph.add("column@1", {scan}, Json::Object{{"name", "x0"}});
  const StepId sum = graph.add("aggregate@1", {column}, Json::Object{{"get", "sum"}});
  const StepId root = graph.add(
      "open@1", {sum}, Json::Object{{"label", "s"}, {"to", Json::List{"a"}}, {"min_group", 1}});
  return plan_of(graph, std::array{root});
}

TEST(Memory, GrowsWithRowsAndColumnsThatAreRead) {
  const std::uint64_t small = memory_needed(sum_of(1000, 1)),
                      rows = memory_needed(sum_of(1'000'000, 1)),
                      columns = memory_needed(sum_of(1'000'000, 10));
  EXPECT_LT(small, std::uint64_t{32} << 20);
  EXPECT_GT(rows, small + 2 * 9 * 990'000u) << "two components of a number and its byte, a row";
  EXPECT_GT(columns, rows + 2 * 9 * 9 * 1'000'000u);
}

TEST(Memory, OfWhatNoMachineHasDoesNotWrapAround) {
  EXPECT_GT(memory_needed(sum_of((std::int64_t{1} << 32) - 2, 4000)), std::uint64_t{1} << 45);
}

}  // namespace
}  // namespace polder
