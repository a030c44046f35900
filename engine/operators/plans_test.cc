// Plans and their texts: golden ones in tests/plans never change; equal analyses have equal texts,
// whatever the order in which they were written; and every other spelling is refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "crypto/hex.h"
#include "operators/all_operators.h"
#include "plan/text.h"

namespace polder {
namespace {

namespace fs = std::filesystem;

class Writer {
 public:
  StepId operator()(std::string_view op, std::vector<StepId> of = {},
                    std::string_view fields = "{}") {
    return graph.add(op, std::move(of), parse_json(fields, "test"), "here:1");
  }
  Graph plan() const { return plan_of(graph, graph.roots()); }

  Graph graph{all_operators()};
};

constexpr std::string_view visits = R"({"table":"visits","owner":"hospital","most_rows":1000000,
  "columns":[["id",{"string":[12,"ascii"]}],["age",{"int":["0","120"],"null":true}],
  ["city",{"category":["Delft","Ede"]}],["cost",{"decimal":[2,"0","9999999"],"null":true}],
  ["day",{"date":["-25567","47482"]}]]})";
constexpr std::string_view people =
    R"({"table":"people","most_rows":50000,"columns":[["pid",{"string":[12,"ascii"]}],
  ["age",{"int":["0","120"]}],["insured",{"bool":[]}]]})";

StepId column(Writer& add, StepId frame, const std::string& name) {
  return add("column@1", {frame}, R"({"name":")" + name + "\"}");
}

void by_city(Writer& add) {
  const StepId rows = add("scan@1", {}, visits);
  const StepId cutoff = add("param@1", {}, R"({"name":"cutoff","type":{"int":["1","100"]}})");
  const StepId picked =
      add("filter@1", {rows, add("greater_equal@1", {column(add, rows, "age"), cutoff})});
  const StepId groups = add("group_by@1", {picked}, R"({"by":["city"],"get":[["n","size",""],
    ["mean","mean","cost"],["low","min","cost"]]})");
  add("open@1", {groups},
      R"({"label":"by_city","to":["CBS"],"min_group":10,"purpose":"care costs 2026"})");
}

void joined(Writer& add) {
  const StepId left = add("scan@1", {}, visits), right = add("scan@1", {}, people);
  const StepId both = add("merge@1", {left, right},
                          R"({"left_on":["id"],"right_on":["pid"],"how":"left","validate":"m:1"})");
  const StepId insured = column(add, both, "insured"), age = column(add, both, "age_x");
  const StepId eighteen = add("literal@1", {}, R"({"type":{"int":["18","18"]},"value":"18"})");
  const StepId adult = add("and@1", {insured, add("less_equal@1", {eighteen, age})});
  const StepId picked = add("filter@1", {both, adult});
  const StepId twice = add("add@1", {column(add, both, "cost"), column(add, both, "cost")});
  const StepId more = add("assign@1", {picked, twice}, R"({"names":["twice"]})");
  const StepId some = add("project@1", {more}, R"({"names":["city","twice"]})");
  add("open@1", {add("group_by@1", {some}, R"({"by":["city"],"get":[["sum","sum","twice"]]})")},
      R"({"label":"sums","to":["CBS","SVB"],"min_group":20})");
}

void values(Writer& add) {
  const StepId rows = add("scan@1", {}, visits);
  const StepId cost = column(add, rows, "cost");
  const StepId zero = add("literal@1", {}, R"({"type":{"decimal":[2,"0","0"]},"value":"0.00"})");
  for (const std::string get : {"sum", "mean", "count", "min", "max"}) {
    const StepId filled = add("fillna@1", {cost, zero});
    add("open@1", {add("aggregate@1", {get == "min" ? filled : cost}, R"({"get":")" + get + "\"}")},
        R"({"label":")" + get + R"(","to":["CBS"],"min_group":5})");
  }
  add("open@1", {add("aggregate@1", {rows}, R"({"get":"size"})")},
      R"({"label":"rows","to":["CBS"],"min_group":5})");
}

void learned(Writer& add) {
  const StepId rows = add("scan@1", {}, visits);
  const StepId zero = add("literal@1", {}, R"({"type":{"decimal":[2,"0","0"]},"value":"0.00"})");
  const StepId paid = add("greater@1", {column(add, rows, "cost"), zero});
  const StepId frame = add("assign@1", {rows, paid}, R"({"names":["paid"]})");
  for (const std::string more : {"", R"(,"C":"0.5","max_iter":30)"}) {
    const StepId fit = add("logistic_regression@1", {frame},
                           R"({"features":["age","cost"],"label":"paid")" + more + "}");
    add("open@1", {fit},
        R"({"label":"model)" + std::to_string(more.size()) + R"(","to":["CBS"],"min_group":10})");
  }
}

void all_types(Writer& add) {
  add("open@1",
      {add(
          "scan@1", {},
          R"({"table":"t","most_rows":10,"columns":[["a",{"int":["-4611686018427387904","4611686018427387904"]}],
     ["b",{"fixed":[20,"-1048576","1048576"],"null":true}],["c",{"datetime":["ms","0","1"]}],
     ["d",{"duration":["us","-5","5"]}],["e",{"string":[3,"unicode"]}],["f",{"bytes":[2]}],
     ["g",{"bool":[]}],["h",{"category":["é","\"","\n"]}],["i",{"date":["0","0"]}]]})")},
      R"({"label":"t","to":["é"],"min_group":1})");
}

/// Of two owners' accounts and payments, the risk of the first one's.
constexpr std::string_view flow = R"({"key":"id","risk":"risk","source":"from","target":"to",
  "amount":"amount","deltas":[536870912,536870912,536870912]})";

void risk(Writer& add) {
  std::vector<StepId> accounts, payments;
  for (const std::string owner : {"amstel", "eem"}) {
    const auto scan = [&](const std::string& table, const std::string& columns) {
      return add("scan@1", {},
                 R"({"owner":")" + owner + R"(","table":")" + table +
                     R"(","most_rows":1000,"columns":[)" + columns + "]}");
    };
    accounts.push_back(
        scan("accounts", R"(["id",{"int":["0","999"]}],["risk",{"decimal":[2,"0","100"]}])"));
    payments.push_back(scan("payments", R"(["from",{"int":["0","999"]}],["to",{"int":["0","999"]}],
      ["amount",{"decimal":[2,"0","9999999"]}])"));
  }
  const StepId nodes = add("concat@1", accounts), edges = add("concat@1", payments);
  const StepId flowed = add("risk_propagation@1", {nodes, edges}, flow);
  const StepId own = add("rows_of@1", {flowed, accounts[0], accounts[1]}, R"({"table":0})");
  add("open@1", {add("assign@1", {accounts[0], own}, R"({"names":["flowed"]})")},
      R"({"label":"risk","to":["amstel"],"min_group":1})");
}

struct Golden {
  std::string name;
  void (*write)(Writer&);
};
constexpr auto goldens = [] {
  return std::vector<Golden>{{"by_city", by_city}, {"joined", joined},       {"values", values},
                             {"learned", learned}, {"all_types", all_types}, {"risk", risk}};
};

std::string read(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string written_fingerprint(const std::string& name) {
  std::istringstream lines(read(fs::path(POLDER_PLANS) / "fingerprints.txt"));
  for (std::string known, digits; lines >> known >> digits;) {
    if (known == name) return digits;
  }
  return "";
}

TEST(Plans, GoldenOnesKeepTextAndFingerprint) {
  for (const auto& [name, write] : goldens()) {
    Writer add;
    write(add);
    const Graph plan = add.plan();
    require_sound(plan);
    const std::string text = plan_text(plan);
    EXPECT_EQ(text, read(fs::path(POLDER_PLANS) / (name + ".json"))) << name;
    EXPECT_EQ(to_hex(fingerprint(plan)), written_fingerprint(name)) << name;
    EXPECT_EQ(plan_text(parse_plan(text, all_operators())), text);
  }
}

TEST(Plans, AreTheSameInWhateverOrderTheyWereWritten) {
  Writer one, other;
  const StepId a = one("scan@1", {}, visits);
  one("open@1", {one("aggregate@1", {column(one, a, "age")}, R"({"get":"sum"})")},
      R"({"label":"a","to":["CBS"],"min_group":2})");
  one("open@1", {one("aggregate@1", {column(one, a, "cost")}, R"({"get":"sum"})")},
      R"({"label":"b","to":["CBS"],"min_group":2})");

  const StepId unused = other("scan@1", {}, people);
  column(other, unused, "age");
  const StepId b = other("scan@1", {}, visits);
  other("open@1", {other("aggregate@1", {column(other, b, "cost")}, R"({"get":"sum"})")},
        R"({"label":"b","to":["CBS"],"min_group":2,"purpose":""})");
  const StepId again = other("scan@1", {}, visits);
  EXPECT_EQ(again, b);
  other("open@1", {other("aggregate@1", {column(other, again, "age")}, R"({"get":"sum"})")},
        R"({"min_group":2,"to":["CBS"],"label":"a"})");
  EXPECT_EQ(plan_text(one.plan()), plan_text(other.plan()));
}

/// A change of a text that may or may not be JSON afterwards.
std::string mutated(std::string text, std::mt19937_64& draw) {
  const std::size_t at = draw() % text.size(), length = 1 + draw() % 20;
  const std::size_t from = draw() % text.size();
  constexpr std::string_view likely = "0123456789\",:[]{}@ ntrue-_";
  switch (draw() % 6) {
    case 0:
      text[at] = likely[draw() % likely.size()];
      break;
    case 1:
      text.insert(at, 1, likely[draw() % likely.size()]);
      break;
    case 2:
      text.erase(at, length);
      break;
    case 3:
      text.insert(at, text.substr(from, length));
      break;
    case 4:
      std::swap(text[at], text[from]);
      break;
    default: {  // a number for another
      const std::size_t digit = text.find_first_of("0123456789", at);
      if (digit != std::string::npos) text[digit] = static_cast<char>('0' + draw() % 10);
    }
  }
  return text;
}

TEST(Plans, TenThousandMutatedTextsAreRefusedOrThemselves) {
  std::mt19937_64 draw(1);
  std::size_t accepted = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::vector<Golden> all = goldens();
    const std::string golden =
        read(fs::path(POLDER_PLANS) / (all[draw() % all.size()].name + ".json"));
    const std::string text = mutated(golden, draw);
    if (text == golden) continue;
    try {
      const Graph plan = parse_plan(text, all_operators());
      EXPECT_EQ(plan_text(plan), text);
      EXPECT_NE(fingerprint(plan), fingerprint(parse_plan(golden, all_operators())));
      ++accepted;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::bad_input) << error.what() << "\n" << text;
    }
  }
  EXPECT_GT(accepted, 100u);  // another number is another plan
}

TEST(Plans, OtherSpellingsAreRefused) {
  const std::string text = read(fs::path(POLDER_PLANS) / "by_city.json");
  EXPECT_NO_THROW(parse_plan(text, all_operators()));
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    const std::size_t at = other.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    other.replace(at, from.size(), to);
    EXPECT_THROW(parse_plan(other, all_operators()), Error) << to;
  };
  refused("\"format\":1", "\"format\": 1");
  refused("\"format\":1", "\"format\":2");
  refused("\"name\":\"cutoff\"", "\"name\":\"cutoff\",\"secret\":false");  // a default
  refused("\"owner\":\"hospital\"", "\"owner\":\"h\\u006fspital\"");
  refused("scan@1", "scan@2");
  refused("\"of\":[0]", "\"of\":[0,0]");
  refused("\"of\":[0]", "\"of\":[7]");
  refused("\"nodes\":[", "\"nodes\":[{\"op\":\"param@1\",\"name\":\"x\",\"type\":{\"bool\":[]}},");
}

/// All complaints of a plan, one a line.
std::string complaints(void (*write)(Writer&)) {
  Writer add;
  write(add);
  std::string all;
  for (const Complaint& complaint : add.graph.complaints())
    all += std::string(name(complaint.problem)) + " " + complaint.message + "\n";
  return all;
}

TEST(Plans, EveryMistakeIsNamedWithItsPlace) {
  EXPECT_EQ(
      complaints([](Writer& add) {
        const StepId rows = add("scan@1", {}, visits), others = add("scan@1", {}, people);
        column(add, rows, "wage");
        add("merge@1", {rows, others}, R"({"left_on":["id"],"right_on":["age"]})");
        add("merge@1", {rows, others}, R"({"left_on":["id"],"right_on":["pid"]})");
        add("filter@1", {rows, column(add, others, "insured")});
        add("filter@1", {rows, column(add, rows, "cost")});
        const StepId ages = add("project@1", {rows}, R"({"names":["age"]})");
        add("open@1", {ages}, R"({"label":"x","to":[],"min_group":10})");
      }),
      "name here:1: column: there is no column 'wage'; there are: id, age, city, cost, day\n"
      "type here:1: merge: key 'id' is string(12, ascii), 'age' is int 0..120; cast one\n"
      "bound here:1: merge: keys may repeat on both sides; say validate='m:1' if the right "
      "ones are unique, '1:m' if the left ones are\n"
      "type here:1: filter: a column of another table cannot stand here; merge the tables "
      "first\n"
      "type here:1: filter: rows are picked by true or false, not by decimal(2) 0..9999999 "
      "or null\n"
      "opening here:1: open: say who learns it: open(to=...)\n"
      "opening here:1: open: each value of 'age' is of a single record; group the rows, or open "
      "them with min_group=1\n");
}

TEST(Plans, WhatIsNoGraphIsNamed) {
  EXPECT_EQ(
      complaints([](Writer& add) {
        const StepId nodes = add("scan@1", {}, R"({"table":"n","most_rows":5,"columns":[
          ["id",{"int":["0","9"]}],["risk",{"int":["0","268435457"],"null":true}],
          ["low",{"int":["0","1"]}]]})");
        const StepId edges = add("scan@1", {}, R"({"table":"e","most_rows":9000,"columns":[
          ["from",{"int":["0","9"]}],["to",{"string":[4,"ascii"]}],["gain",{"int":["-1","9"]}],
          ["vast",{"int":["0","8796093022208"]}],["amount",{"int":["0","2199023255551"]}]]})");
        const auto propagate = [&](const std::string& risk, const std::string& to,
                                   const std::string& amount, const std::string& deltas) {
          return add("risk_propagation@1", {nodes, edges},
                     R"({"key":"id","risk":")" + risk + R"(","source":"from","target":")" + to +
                         R"(","amount":")" + amount + R"(","deltas":[)" + deltas + "]}");
        };
        propagate("risk", "to", "gain", "");
        propagate("low", "from", "vast", "1073741825");
        const StepId some = add("project@1", {edges}, R"({"names":["from","amount"]})");
        add("concat@1", {nodes, some});
        const StepId flowed = propagate("low", "from", "amount", "0");
        add("rows_of@1", {flowed, nodes}, R"({"table":0})");
        add("rows_of@1", {column(add, add("concat@1", {nodes, nodes}), "id"), nodes, nodes},
            R"({"table":2})");
      }),
      "bound here:1: risk_propagation: 0 iterations; at least 1 and at most 1000 are done\n"
      "type here:1: risk_propagation: key 'id' is int 0..9, 'to' is string(4, ascii); cast one\n"
      "bound here:1: risk_propagation: 'risk' is int 0..268435457 or null; a risk is a number "
      "within 0..2^28\n"
      "type here:1: risk_propagation: 'risk' may be missing; fill it up: risk.fillna(0)\n"
      "type here:1: risk_propagation: 'gain' is int -1..9; an amount is a whole number or decimal "
      "from 0 on\n"
      "bound here:1: risk_propagation: delta is within 0..1 in every iteration\n"
      "overflow here:1: risk_propagation: amounts 'vast' could reach 8796093022208, beyond 2^42, "
      "which leaves too few bits for shares of them; declare smaller bounds\n"
      "name here:1: concat: tables of 3 and 2 columns; name those that all have\n"
      "name here:1: concat: there is no column 'id'; there are: from, amount\n"
      "name here:1: concat: there is no column 'risk'; there are: from, amount\n"
      "name here:1: concat: there is no column 'low'; there are: from, amount\n"
      "type here:1: rows_of: these are not the tables that were put below each other for this "
      "column, all and in that order\n"
      "bound here:1: rows_of: there is no table 2 of 2\n");
}

TEST(Plans, OverflowIsProvenImpossibleOrRefused) {
  const auto of_rows = [](std::uint64_t rows) {
    Writer add;
    const StepId frame = add("scan@1", {},
                             R"({"table":"t","most_rows":)" + std::to_string(rows) +
                                 R"(,"columns":[["x",{"int":["0","1073741824"]}]]})");
    const StepId x = column(add, frame, "x");
    add("aggregate@1", {add("multiply@1", {x, x})}, R"({"get":"sum"})");
    std::string problems;
    for (const Complaint& complaint : add.graph.complaints()) problems += name(complaint.problem);
    return problems;
  };
  EXPECT_EQ(of_rows(4), "");
  EXPECT_EQ(of_rows(5), "overflow");
}

TEST(Plans, ColumnsOfPickedRowsDoNotStandBesideAllRows) {
  Writer add;
  const StepId rows = add("scan@1", {}, people);
  const StepId insured = column(add, rows, "insured");
  const StepId picked = add("filter@1", {rows, insured});
  add("assign@1", {picked, insured}, R"({"names":["before"]})");
  EXPECT_TRUE(add.graph.complaints().empty());
  add("assign@1", {rows, column(add, picked, "insured")}, R"({"names":["after"]})");
  EXPECT_EQ(add.graph.complaints().size(), 1u);
}

TEST(Plans, RecordsBesideGroupsAreNotPassedOffAsGroups) {
  Writer add;
  const StepId rows = add("scan@1", {}, visits);
  const StepId groups =
      add("group_by@1", {rows}, R"({"by":["city"],"get":[["mean","mean","cost"]]})");
  const StepId beside =
      add("merge@1", {rows, groups}, R"({"left_on":["city"],"right_on":["city"]})");
  const auto complains = [&](StepId id) { return !add.graph.at(id).complaints.empty(); };
  const auto opened = [&](StepId frame, const std::string& names) {
    const StepId some = add("project@1", {frame}, R"({"names":[)" + names + "]}");
    return add("open@1", {some}, R"({"label":"x","to":["CBS"],"min_group":10})");
  };
  EXPECT_FALSE(complains(opened(groups, R"("city","mean")")));
  EXPECT_TRUE(complains(opened(beside, R"("cost","mean")")));
  EXPECT_FALSE(complains(opened(beside, R"("mean")")));
  const StepId more = add(
      "assign@1", {beside, add("add@1", {column(add, beside, "cost"), column(add, beside, "age")})},
      R"({"names":["sum"]})");
  EXPECT_TRUE(complains(opened(more, R"("sum")")));
  // How many records stand behind an aggregate of aggregates is not counted.
  EXPECT_TRUE(complains(add("aggregate@1", {groups}, R"({"get":"size"})")));
  EXPECT_TRUE(complains(add("aggregate@1", {column(add, groups, "mean")}, R"({"get":"max"})")));
  EXPECT_TRUE(complains(add("group_by@1", {groups}, R"({"by":["city"],"get":[]})")));
}

TEST(Plans, UsesFollowColumnsToTheirSources) {
  Writer add;
  by_city(add);
  joined(add);
  std::string all;
  const Graph plan = add.plan();
  for (const auto& [source, used] : uses(plan)) {
    all += source.name + ":";
    for (const Use use : used) all += " " + std::string(name(use));
    all += "\n";
  }
  EXPECT_EQ(all,
            "age: filter\ncity: group_key\ncost: aggregate\nid: join_key\n"
            "insured: filter\npid: join_key\n");
}

}  // namespace
}  // namespace polder
