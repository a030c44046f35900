// Typed tables at three polderd processes: published only when their values are what their types
// say, read by plans, and opened as their owners allow.
#include "node/testing/typed_tables.h"

namespace polder {
namespace {

using namespace testing;

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
