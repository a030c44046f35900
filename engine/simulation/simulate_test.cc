// Plans on plain tables, over plain values and as three parties, against what plain code computes.
#include "simulation/simulate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <random>

#include "operators/all_operators.h"
#include "plan/text.h"
#include "simulation/explain.h"

namespace polder {
namespace {

Json json(std::string_view text) { return parse_json(text, "test"); }

constexpr std::string_view visits_scan = R"({"table":"visits","most_rows":100000,"columns":[
  ["id",{"int":["0","1000"],"null":true}],["city",{"category":["Delft","Ede","Goes"]}],
  ["cost",{"decimal":[2,"-5000","99999"],"null":true}]]})";
constexpr std::string_view people_scan = R"({"table":"people","most_rows":5000,"columns":[
  ["id",{"int":["-3","2000"]}],["age",{"int":["0","120"],"null":true}]]})";

/// Rows of the tables, as a person has them.
struct Scenario {
  struct Visit {
    std::optional<std::int64_t> id;
    std::int64_t city;
    std::optional<std::int64_t> cost;
  };
  struct Person {
    std::int64_t id;
    std::optional<std::int64_t> age;
  };
  std::vector<Visit> visits;
  std::vector<Person> people;

  Scenario(std::size_t n, unsigned seed) {
    std::mt19937_64 draw(seed);
    for (std::size_t i = 0; i < n; ++i) {
      Visit visit{std::nullopt, static_cast<std::int64_t>(draw() % 3), std::nullopt};
      if (draw() % 8 != 0) visit.id = static_cast<std::int64_t>(draw() % (n / 2 + 1));
      if (draw() % 4 != 0) visit.cost = static_cast<std::int64_t>(draw() % 105'000) - 5000;
      visits.push_back(visit);
    }
    for (std::size_t i = 0; i < n / 2; ++i) {
      Person person{static_cast<std::int64_t>(2 * i) - 3, std::nullopt};
      if (draw() % 5 != 0) person.age = static_cast<std::int64_t>(draw() % 121);
      people.push_back(person);
    }
  }

  PlainTables tables(const Graph& plan) const {
    PlainTables tables;
    PlainTable& all_visits = tables["visits"];
    all_visits = {visits.size(), {{"id", {}, {}, {}}, {"city", {}, {}, {}}, {"cost", {}, {}, {}}}};
    for (const Visit& visit : visits) {
      put(all_visits.columns[0], visit.id);
      put(all_visits.columns[1], visit.city);
      put(all_visits.columns[2], visit.cost);
    }
    PlainTable& all_people = tables["people"];
    all_people = {people.size(), {{"id", {}, {}, {}}, {"age", {}, {}, {}}}};
    for (const Person& person : people) {
      put(all_people.columns[0], person.id);
      put(all_people.columns[1], person.age);
    }
    for (const Step& node : plan.steps()) {
      if (node.op->name != "scan") continue;
      const bool is_visits = node.shape.find("city") != nullptr;
      for (PlainColumn& column : tables[is_visits ? "visits" : "people"].columns)
        column.type = node.shape.find(column.name)->type;
    }
    std::erase_if(tables, [&](const auto& named) {
      return std::ranges::none_of(plan.steps(), [&](const Step& node) {
        return node.op->name == "scan" &&
               (node.shape.find("city") != nullptr) == (named.first == "visits");
      });
    });
    for (auto& [name, table] : tables) {
      for (PlainColumn& column : table.columns) {
        if (!column.type.null) column.null.clear();
      }
    }
    return tables;
  }

 private:
  static void put(PlainColumn& column, std::optional<std::int64_t> value) {
    column.values.push_back(static_cast<std::uint64_t>(value.value_or(0)));
    column.null.push_back(!value);
  }
};

/// A cell of a result; none where it is missing or withheld.
std::optional<std::int64_t> cell(const Result& result, std::string_view name, std::size_t row) {
  for (const ResultColumn& column : result.columns) {
    if (column.name != name) continue;
    if (column.null[row] || column.withheld[row]) return std::nullopt;
    return static_cast<std::int64_t>(column.values[row]);
  }
  ADD_FAILURE() << "no column " << name;
  return std::nullopt;
}

const ResultColumn& column(const Result& result, std::string_view name) {
  for (const ResultColumn& column : result.columns) {
    if (column.name == name) return column;
  }
  throw std::runtime_error("no column");
}

double scaled(const ResultColumn& column, std::size_t row) {
  return std::ldexp(static_cast<double>(static_cast<std::int64_t>(column.values[row])),
                    -column.type.scale);
}

class Simulation : public ::testing::TestWithParam<std::tuple<std::string, std::size_t>> {
 protected:
  Graph graph{all_operators()};

  StepId add(std::string_view op, std::vector<StepId> of, std::string_view fields = "{}") {
    return graph.add(op, std::move(of), json(fields));
  }
  StepId visits() { return add("scan@1", {}, visits_scan); }
  StepId people() { return add("scan@1", {}, people_scan); }
  std::size_t size() const { return std::get<1>(GetParam()); }

  std::vector<Result> run(const Scenario& scenario) {
    const std::vector<StepId> roots = graph.roots();
    const Graph plan = plan_of(graph, roots);
    require_sound(plan);
    // Every text is read as itself.
    EXPECT_EQ(plan_text(parse_plan(plan_text(plan), all_operators())), plan_text(plan));
    EXPECT_FALSE(explain(plan).empty());
    return simulate(plan, scenario.tables(plan), {}, std::get<0>(GetParam()));
  }
};

TEST_P(Simulation, GroupsOfFilteredRows) {
  const StepId rows = visits();
  const StepId cost = add("column@1", {rows}, R"({"name":"cost"})");
  const StepId least =
      add("literal@1", {}, R"({"type":{"decimal":[1,"0","1000"]},"value":"10.5"})");
  const StepId picked = add("filter@1", {rows, add("greater_equal@1", {cost, least})});
  const StepId groups = add("group_by@1", {picked}, R"({"by":["city"],"get":[["n","size",""],
    ["sum","sum","cost"],["mean","mean","cost"],["ids","count","id"],["low","min","cost"],
    ["high","max","id"]]})");
  add("open@1", {groups}, R"({"label":"by_city","to":["CBS"],"min_group":3})");

  const Scenario scenario(size(), 1);
  struct Expected {
    std::int64_t n = 0, sum = 0, ids = 0, low = INT64_MAX, high = -1;
  };
  std::map<std::int64_t, Expected> expected;
  for (const auto& [id, city, value] : scenario.visits) {
    if (!value || *value < 1050) continue;
    Expected& group = expected[city];
    ++group.n;
    group.sum += *value;
    group.low = std::min(group.low, *value);
    if (id) ++group.ids, group.high = std::max(group.high, *id);
  }
  const Result result = run(scenario).at(0);
  ASSERT_EQ(result.rows, expected.size());
  std::size_t row = 0, withheld = 0;
  for (const auto& [city, group] : expected) {
    if (group.n < 3) {
      ++withheld;
      continue;  // behind the others
    }
    EXPECT_EQ(cell(result, "city", row), city);
    EXPECT_EQ(cell(result, "n", row), group.n);
    EXPECT_EQ(cell(result, "sum", row), group.sum);
    EXPECT_NEAR(scaled(column(result, "mean"), row), double(group.sum) / double(group.n) / 100,
                column(result, "mean").type.error);
    EXPECT_EQ(cell(result, "low", row), group.low);
    if (group.ids >= 3) {
      EXPECT_EQ(cell(result, "ids", row), group.ids);
      EXPECT_EQ(cell(result, "high", row), group.high);
    } else {
      EXPECT_TRUE(column(result, "ids").withheld[row]);
      EXPECT_EQ(column(result, "high").values[row], 0u);
    }
    ++row;
  }
  for (; row < result.rows; ++row, --withheld) {
    for (const ResultColumn& of : result.columns) {
      EXPECT_TRUE(of.withheld[row]);
      EXPECT_EQ(of.values[row], 0u);
    }
  }
  EXPECT_EQ(withheld, 0u);
}

TEST_P(Simulation, MergesOneToMany) {
  const StepId left = add("merge@1", {visits(), people()},
                          R"({"left_on":["id"],"right_on":["id"],"how":"left","validate":"m:1"})");
  add("open@1", {left}, R"({"label":"all","to":["CBS"],"min_group":1})");
  const StepId inner = add("merge@1", {people(), visits()},
                           R"({"left_on":["id"],"right_on":["id"],"validate":"1:m"})");
  add("open@1", {inner}, R"({"label":"matched","to":["CBS"],"min_group":1})");

  const Scenario scenario(size(), 2);
  std::map<std::int64_t, std::optional<std::int64_t>> ages;
  for (const auto& person : scenario.people) ages[person.id] = person.age;
  const std::vector<Result> results = run(scenario);
  const Result &all = results.at(0), &matched = results.at(1);
  ASSERT_EQ(all.rows, scenario.visits.size());
  std::size_t row = 0;
  for (std::size_t i = 0; i < scenario.visits.size(); ++i) {
    const auto& visit = scenario.visits[i];
    const bool found = visit.id && ages.contains(*visit.id);
    EXPECT_EQ(cell(all, "id", i), visit.id);
    EXPECT_EQ(cell(all, "cost", i), visit.cost);
    EXPECT_EQ(cell(all, "age", i), found ? ages[*visit.id] : std::nullopt);
    if (!found) continue;
    ASSERT_LT(row, matched.rows);
    EXPECT_EQ(cell(matched, "id", row), visit.id);
    EXPECT_EQ(cell(matched, "city", row), visit.city);
    EXPECT_EQ(cell(matched, "age", row), ages[*visit.id]);
    ++row;
  }
  EXPECT_EQ(matched.rows, row);
}

TEST_P(Simulation, FunctionsOfColumns) {
  const StepId rows = visits();
  const StepId id = add("column@1", {rows}, R"({"name":"id"})");
  const StepId cost = add("column@1", {rows}, R"({"name":"cost"})");
  const StepId sum = add("add@1", {cost, id}), product = add("multiply@1", {cost, id});
  const StepId difference = add("subtract@1", {id, cost});
  const StepId ede =
      add("literal@1", {}, R"({"type":{"category":["Delft","Ede","Goes"]},"value":"Ede"})");
  const StepId zero = add("literal@1", {}, R"({"type":{"decimal":[2,"0","0"]},"value":"0.00"})");
  const StepId in_ede = add("equal@1", {add("column@1", {rows}, R"({"name":"city"})"), ede});
  const StepId dear = add("greater@1", {cost, id});
  const StepId both = add("and@1", {in_ede, dear}), one = add("or@1", {in_ede, dear});
  const StepId frame =
      add("assign@1",
          {rows, sum, product, difference, both, one, add("not@1", {dear}), add("isna@1", {cost}),
           add("fillna@1", {cost, zero})},
          R"({"names":["sum","product","difference","both","one","not","isna","filled"]})");
  add("open@1", {add("project@1", {frame}, R"({"names":["sum","product","difference","both","one",
    "not","isna","filled"]})")},
      R"({"label":"x","to":["CBS"],"min_group":1})");

  const Scenario scenario(size(), 3);
  const Result result = run(scenario).at(0);
  ASSERT_EQ(result.rows, scenario.visits.size());
  using Cell = std::optional<std::int64_t>;
  for (std::size_t i = 0; i < result.rows; ++i) {
    const auto& [row_id, city, row_cost] = scenario.visits[i];
    const bool there = row_id && row_cost, is_ede = city == 1;
    const std::int64_t k = row_id.value_or(0), c = row_cost.value_or(0);
    const Cell is_dear = there ? Cell(c > 100 * k) : std::nullopt;
    EXPECT_EQ(cell(result, "sum", i), there ? Cell(c + 100 * k) : std::nullopt);
    EXPECT_EQ(cell(result, "product", i), there ? Cell(c * k) : std::nullopt);
    EXPECT_EQ(cell(result, "difference", i), there ? Cell(100 * k - c) : std::nullopt);
    EXPECT_EQ(cell(result, "both", i), is_ede ? is_dear : Cell(0));
    EXPECT_EQ(cell(result, "one", i), is_ede ? Cell(1) : is_dear);
    EXPECT_EQ(cell(result, "not", i), is_dear ? Cell(!*is_dear) : std::nullopt);
    EXPECT_EQ(cell(result, "isna", i), Cell(!row_cost));
    EXPECT_EQ(cell(result, "filled", i), Cell(c));
  }
}

TEST_P(Simulation, ValuesOfWholeColumns) {
  const StepId rows = visits();
  const StepId cost = add("column@1", {rows}, R"({"name":"cost"})");
  for (const std::string get : {"sum", "mean", "count", "min", "max"}) {
    const StepId value = add("aggregate@1", {cost}, R"({"get":")" + get + "\"}");
    add("open@1", {value}, R"({"label":")" + get + R"(","to":["CBS"],"min_group":2})");
  }
  const Scenario scenario(size(), 4);
  std::vector<std::int64_t> there;
  for (const auto& visit : scenario.visits) {
    if (visit.cost) there.push_back(*visit.cost);
  }
  std::map<std::string, Result> results;
  for (Result& result : run(scenario)) results.emplace(result.label, std::move(result));
  for (const auto& [label, result] : results) {
    ASSERT_EQ(result.rows, 1u);
    EXPECT_EQ(result.columns[0].withheld[0], there.size() < 2) << label;
  }
  if (there.size() < 2) return;
  const std::int64_t sum = std::accumulate(there.begin(), there.end(), std::int64_t{0});
  EXPECT_EQ(cell(results["sum"], "", 0), sum);
  EXPECT_EQ(cell(results["count"], "", 0), there.size());
  EXPECT_EQ(cell(results["min"], "", 0), *std::ranges::min_element(there));
  EXPECT_EQ(cell(results["max"], "", 0), *std::ranges::max_element(there));
  EXPECT_NEAR(scaled(results["mean"].columns[0], 0), double(sum) / double(there.size()) / 100,
              results["mean"].columns[0].type.error);
}

TEST_P(Simulation, RefusesKeysThatRepeat) {
  const StepId merged = add("merge@1", {people(), visits()},
                            R"({"left_on":["id"],"right_on":["id"],"validate":"m:1"})");
  add("open@1", {merged}, R"({"label":"x","to":["CBS"],"min_group":1})");
  Scenario scenario(size(), 5);
  for (auto& visit : scenario.visits) visit.id = 7;
  if (size() < 2)
    EXPECT_NO_THROW(run(scenario));
  else
    EXPECT_THROW(run(scenario), Error);
}

INSTANTIATE_TEST_SUITE_P(All, Simulation,
                         ::testing::Combine(::testing::Values("cleartext", "rep3"),
                                            ::testing::Values(0, 1, 2, 7, 300)),
                         [](const auto& test) {
                           return std::get<0>(test.param) + "_" +
                                  std::to_string(std::get<1>(test.param));
                         });

}  // namespace
}  // namespace polder
