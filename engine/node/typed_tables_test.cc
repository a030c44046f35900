// Typed tables at three polderd processes: published only when their values are what their types
// say, read by plans, and opened as their owners allow.
#include "base/memory.h"
#include "node/testing/two_banks.h"
#include "operators/all_operators.h"
#include "plan/text.h"

namespace polder {
namespace {

using namespace testing;

constexpr std::size_t n = 40;

class TypedTables : public TwoBanks {
 protected:
  /// Values in a table of one column of 0..120, as an upload that may be bent.
  struct Values {
    std::vector<std::uint64_t> numbers, bits;
  };

  static Values ages() {
    Values values;
    for (std::uint64_t i = 0; i < n; ++i) values.numbers.push_back(20 + i % 7);
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

std::string message_of(const json::object& answer) {
  return std::string(answer.at("error").at("message").as_string());
}

TEST_F(TypedTables, ArePublishedOnceTheirValuesAreFoundToBeOfTheirTypes) {
  const TypedUpload upload(nodes(), a(), ages(), "people", analysis(10));
  const json::array receipts = upload.send_and_finish();
  for (std::size_t role = 0; role < 3; ++role) {
    const HttpsAnswer early = upload.publish(role, receipts);
    EXPECT_EQ(error_code(early), "bad_input");
    EXPECT_NE(early.body.find("ingest check"), std::string::npos) << early.body;
  }
  EXPECT_EQ(ingest(upload, a(), b()).at("error").at("code"), "forbidden");
  EXPECT_EQ(ingest(upload, a(), a()).at("state"), "done");
  for (std::size_t role = 0; role < 3; ++role)
    EXPECT_EQ(upload.publish(role, receipts).status, 200);
}

TEST_F(TypedTables, WithAValueOutOfItsBoundsAreNeverPublished) {
  Values values = ages();
  values.numbers[7] = values.bits[7] = 121;
  const TypedUpload upload(nodes(), a(), values, "wrong", analysis(10));
  const json::array receipts = upload.send_and_finish();
  const json::object seen = ingest(upload, a(), a());
  EXPECT_EQ(seen.at("state"), "failed");
  EXPECT_NE(message_of(seen).find("'age' are not int 0..120"), std::string::npos)
      << message_of(seen);
  for (std::size_t role = 0; role < 3; ++role)
    EXPECT_EQ(upload.publish(role, receipts).status, 400);
}

TEST_F(TypedTables, WhoseTwoFormsDifferAreNeverPublished) {
  Values values = ages();
  values.numbers[0] += std::uint64_t{1} << 63;
  const TypedUpload upload(nodes(), a(), values, "forms", analysis(10));
  const json::array receipts = upload.send_and_finish();
  EXPECT_EQ(ingest(upload, a(), a()).at("state"), "failed");
  for (std::size_t role = 0; role < 3; ++role)
    EXPECT_EQ(upload.publish(role, receipts).status, 400);
}

TEST_F(TypedTables, AreReadByPlansAsTheirOwnerAllows) {
  const TypedUpload upload(nodes(), a(), ages(), "clients", analysis(10));
  put(upload, a());
  const auto ask = [&](const std::string& to, int min_group, const Organisation& requester) {
    const Graph plan = mean_age("clients", a().name, to, min_group);
    return run(bound(plan, upload.handle(), a(), to), requester);
  };
  EXPECT_EQ(ask(b().name, 10, a()).at("state"), "done");
  for (std::size_t role = 0; role < 3; ++role) {
    EXPECT_EQ(nodes().get(role, "/v1/sessions/" + last_session_ + "/results/Bank%20B").status, 200);
    EXPECT_EQ(nodes().get(role, "/v1/sessions/" + last_session_ + "/results/Bank%20A").status, 404);
  }
  EXPECT_EQ(ask(a().name, 1, a()).at("state"), "done") << "its owner's own rows";
  const json::object few = ask(b().name, 9, a());
  EXPECT_EQ(few.at("error").at("code"), "forbidden");
  EXPECT_NE(message_of(few).find("groups from 10 on"), std::string::npos) << message_of(few);
  const json::object other = ask(b().name, 10, b());
  EXPECT_EQ(other.at("error").at("code"), "forbidden");
  EXPECT_NE(message_of(other).find("no named partner"), std::string::npos) << message_of(other);
}

TEST_F(TypedTables, ServeNoMatchAndTablesForMatchingServeNoPlan) {
  json::object bent = plan();
  const TypedUpload upload(nodes(), b(), ages(), "no_match", analysis(10));
  put(upload, b());
  bent["tables"] = {scenario().table_a, upload.handle()};
  EXPECT_EQ(error_code(start(0, random_hex(16), bent)), "bad_schema");
  const Graph people = mean_age("clients", a().name, b().name, 10);
  const json::object seen = run(bound(people, scenario().table_a, a(), b().name), a());
  EXPECT_EQ(seen.at("error").at("code"), "bad_schema");
  EXPECT_NE(message_of(seen).find("has no column 'age'"), std::string::npos) << message_of(seen);
}

TEST_F(TypedTables, PlansAreKeptUnderTheirOneFingerprint) {
  const Graph plan = mean_age("clients", a().name, b().name, 10);
  const std::string text = plan_text(plan), print = to_hex(fingerprint(plan));
  const auto put = [&](const std::string& name, const std::string& body) {
    return nodes().signed_ask(0, a().sign, "PUT", "/v1/plans/" + name, body);
  };
  EXPECT_EQ(put(print, text).status, 200);
  EXPECT_EQ(put(print, text).status, 200) << "again";
  EXPECT_EQ(nodes().get(0, "/v1/plans/" + print).body, text);
  EXPECT_EQ(error_code(put(std::string(64, '0'), text)), "bad_input");
  EXPECT_EQ(error_code(put(print, text + " ")), "bad_input");
  EXPECT_EQ(error_code(put(print, "")), "bad_input");
  EXPECT_EQ(nodes().get(0, "/v1/plans/" + std::string(64, '0')).status, 404);
  const json::object unknown{{"kind", "tables"},
                             {"fingerprint", std::string(64, '0')},
                             {"tables", {scenario().table_a}},
                             {"parties", {a().name}},
                             {"to", {b().name}},
                             {"parameters", json::object()}};
  EXPECT_EQ(run(unknown, a()).at("error").at("code"), "not_found");
}

}  // namespace
}  // namespace polder
