// For tests: typed tables of one column at three nodes, and plans of operators on them.
#pragma once

#include "base/memory.h"
#include "node/testing/two_banks.h"
#include "operators/all_operators.h"
#include "plan/text.h"

namespace polder::testing {

inline constexpr std::size_t typed_rows = 40;

/// Typed tables of two banks, and plans on them.
class TypedTables : public TwoBanks {
 protected:
  /// Values in a table of one column of 0..120, as an upload that may be bent.
  struct Values {
    std::vector<std::uint64_t> numbers, bits;
  };

  static Values ages() {
    Values values;
    for (std::uint64_t i = 0; i < typed_rows; ++i) values.numbers.push_back(20 + i % 7);
    values.bits = values.numbers;
    return values;
  }

  class TypedUpload : public Upload {
   public:
    TypedUpload(const ThreeNodes& nodes, const Organisation& owner, const Values& values,
                const std::string& name, TableRule serves)
        : Upload(nodes, owner, ClientTable{}) {
      const std::vector<TypedColumn> schema{{"age", Type::integer(0, 120)}};
      const Words numbers(values.numbers.begin(), values.numbers.end()),
          bits(values.bits.begin(), values.bits.end());
      replace(name, values.numbers.size(), schema, std::move(serves),
              {split_arith(numbers, seeds(), number_part(0)),
               split_bits(PlainBits::of_rows(bits, bits.size(), 7), seeds(), bits_part(0))});
    }
  };

  static TableRule analysis(std::uint64_t at_least) {
    return {.uses = {TableRule::Use::analysis}, .at_least = at_least};
  }

  /// What becomes of a session at node 0.
  json::object run(const json::object& plan, const Organisation& requester) {
    const std::string id = random_hex(16);
    const std::string body =
        canonical(json::object{{"session", id}, {"plan", plan}, {"deadline_ms", 60'000}});
    for (std::size_t role = 0; role < 3; ++role) {
      const HttpsAnswer answer =
          nodes().signed_ask(role, requester.sign, "POST", "/v1/sessions", body);
      if (answer.status >= 300) return body_of(answer);
    }
    last_session_ = id;
    return ended(0, id);
  }

  json::object ingest(const Upload& upload, const Organisation& owner,
                      const Organisation& requester) {
    return run({{"kind", "ingest"},
                {"tables", {upload.handle()}},
                {"parties", {owner.name}},
                {"to", json::array()}},
               requester);
  }

  /// Uploads, has it checked, publishes it.
  void put(const Upload& upload, const Organisation& owner) {
    const json::array receipts = upload.send_and_finish();
    ASSERT_EQ(ingest(upload, owner, owner).at("state"), "done");
    for (std::size_t role = 0; role < 3; ++role)
      ASSERT_EQ(upload.publish(role, receipts).status, 200);
  }

  /// The mean of the column, opened to somebody.
  static Graph mean_age(const std::string& table, const std::string& owner, const std::string& to,
                        int min_group) {
    Graph graph(all_operators());
    const Json column = Json::List{"age", to_json(Type::integer(0, 120))};
    const StepId scan = graph.add("scan@1", {},
                                  Json::Object{{"table", table},
                                               {"owner", owner},
                                               {"most_rows", 300},
                                               {"columns", Json::List{column}}});
    const StepId age = graph.add("column@1", {scan}, Json::Object{{"name", "age"}});
    const StepId mean = graph.add("aggregate@1", {age}, Json::Object{{"get", "mean"}});
    const StepId root = graph.add(
        "open@1", {mean},
        Json::Object{{"label", "mean"}, {"to", Json::List{to}}, {"min_group", min_group}});
    return plan_of(graph, std::array{root});
  }

  json::object bound(const Graph& plan, const std::string& handle, const Organisation& owner,
                     const std::string& to) {
    const std::string print = to_hex(fingerprint(plan));
    for (std::size_t role = 0; role < 3; ++role) {
      EXPECT_EQ(
          nodes().signed_ask(role, owner.sign, "PUT", "/v1/plans/" + print, plan_text(plan)).status,
          200);
    }
    return {{"kind", "tables"},        {"fingerprint", print}, {"tables", {handle}},
            {"parties", {owner.name}}, {"to", {to}},           {"parameters", json::object()}};
  }

  std::string last_session_;
};

inline std::string message_of(const json::object& answer) {
  return std::string(answer.at("error").at("message").as_string());
}

}  // namespace polder::testing
