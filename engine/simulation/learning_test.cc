// What a fit costs is told beforehand: counted on sizes, and as it is done by three parties.
#include <gtest/gtest.h>

#include <random>

#include "operators/all_operators.h"
#include "plan/text.h"
#include "simulation/explain.h"
#include "simulation/simulate.h"

namespace polder {
namespace {

TEST(Learning, CostsWhatIsTold) {
  constexpr std::size_t n = 200;
  Graph graph(all_operators());
  const auto add = [&](std::string_view op, std::vector<StepId> of, std::string_view fields) {
    return graph.add(op, std::move(of), parse_json(fields, "test"));
  };
  const StepId rows = add("scan@1", {}, R"({"table":"t","most_rows":200,"columns":[
    ["x",{"decimal":[4,"0","9999999"],"null":true}],["flag",{"bool":[]}],["y",{"bool":[]}]]})");
  const StepId fit =
      add("logistic_regression@1", {rows}, R"({"features":["x","flag"],"label":"y","max_iter":3})");
  const StepId root[] = {add("open@1", {fit}, R"({"label":"l","to":["CBS"],"min_group":10})")};
  const Graph plan = plan_of(graph, root);

  PlainTables tables;
  PlainTable& table = tables["t"];
  table.rows = n;
  std::mt19937_64 draw(1);
  for (const ColumnShape& column : plan.at(0).shape.columns) {
    PlainColumn plain{column.name, column.type, {}, {}};
    for (std::size_t i = 0; i < n; ++i) {
      plain.values.push_back(draw() % (column.name == "x" ? 10'000'000 : 2));
      if (column.type.null) plain.null.push_back(draw() % 9 == 0);
    }
    table.columns.push_back(std::move(plain));
  }
  std::vector<Costs> took;
  simulate(plan, tables, {}, "rep3", &took);
  const std::vector<Costs> told = predicted_costs(plan);
  ASSERT_EQ(took.size(), told.size());
  for (std::size_t step = 0; step + 1 < told.size(); ++step) {
    EXPECT_EQ(took[step].rounds, told[step].rounds) << step;
    EXPECT_NEAR(static_cast<double>(took[step].bytes_sent),
                static_cast<double>(told[step].bytes_sent),
                0.05 * static_cast<double>(told[step].bytes_sent))
        << step;
  }
}

}  // namespace
}  // namespace polder
