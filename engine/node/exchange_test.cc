// An owner that exchanges a table under a run: its session is held while it waits for memory, and
// meanwhile node 0 is told to forget the table and is sent other seeds under the same manifest.
#include "node/testing/two_banks.h"

namespace polder {
namespace {

using namespace testing;  // the test's own vocabulary

class Exchange : public ::testing::Test {
 protected:
  Exchange() {
    nodes_.admit(a_);
    nodes_.admit(b_);
  }

  std::string uploaded(const Organisation& owner, std::uint64_t rows) {
    ClientTable table;
    for (std::uint64_t i = 0; i < rows; ++i) {
      table.ids.push_back(i);
      table.flags.push_back(false);
    }
    const Upload upload(nodes_, owner, table);
    upload.send_all();
    return upload.handle();
  }

  std::string started(const std::string& of_a, const std::string& of_b) {
    const std::string id = random_hex(16);
    const json::object plan{{"kind", "match"}, {"tables", {of_a, of_b}}, {"parties", {"A", "B"}},
                            {"threshold", 2},  {"min_flags", 0},         {"to", {"A", "B"}},
                            {"show", "rows"}};
    const json::object body{{"session", id}, {"plan", plan}, {"deadline_ms", 120'000}};
    for (std::size_t role = 0; role < 3; ++role) {
      const HttpsAnswer answer =
          nodes_.signed_ask(role, a_.sign, "POST", "/v1/sessions", canonical(body));
      EXPECT_EQ(answer.status, 202) << answer.body;
    }
    return id;
  }

  json::object seen(const std::string& id, std::string_view query = "") {
    return body_of(nodes_.get(0, "/v1/sessions/" + id + std::string(query)));
  }

  void wait_for(const std::string& id, std::string_view field, std::string_view value) {
    while (seen(id).at(field).as_string() != value) {
      ASSERT_NE(seen(id).at("state").as_string(), "failed") << json::serialize(seen(id));
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  ThreeNodes nodes_{250};  // MB: the large session below takes 204 and its lanes
  const Organisation a_{.name = "A"}, b_{.name = "B"};
};

TEST_F(Exchange, OfSeedsUnderAWaitingRunIsANamedErrorAndNothingIsComputed) {
  const std::string large_a = uploaded(a_, 300'000), large_b = uploaded(b_, 300'000);
  const Upload victim(nodes_, a_, {{1, 2, 3}, {false, false, false}});
  victim.send_all();
  const std::string small_b = uploaded(b_, 3);

  const std::string holder = started(large_a, large_b);
  wait_for(holder, "state", "running");
  const std::string held = started(victim.handle(), small_b);
  wait_for(held, "step", "wait for memory");
  kill(nodes_.process(1).id(), SIGSTOP);  // the holder stays where it is

  EXPECT_EQ(nodes_.signed_ask(0, a_.sign, "DELETE", "/v1/tables/" + victim.handle()).status, 200);
  EXPECT_EQ(victim.begin(0).status, 201);
  const std::string other_seeds(32, 'z');
  EXPECT_EQ(nodes_.signed_ask(0, a_.sign, "PUT", victim.path() + "/seeds", other_seeds).status,
            200);
  EXPECT_EQ(victim.finish(0).status, 400) << "not what the manifest describes";
  EXPECT_EQ(seen(held).at("step"), "wait for memory");

  kill(nodes_.process(1).id(), SIGCONT);
  EXPECT_EQ(nodes_.signed_ask(0, a_.sign, "DELETE", "/v1/sessions/" + holder).status, 202);
  const json::object ended = seen(held, "?wait_ms=30000");
  EXPECT_EQ(ended.at("state"), "failed") << json::serialize(ended);
  EXPECT_EQ(ended.at("error").at("code"), "not_found");
  EXPECT_NE(json::serialize(ended).find("it was deleted after the run was asked for"),
            std::string::npos)
      << json::serialize(ended);
}

}  // namespace
}  // namespace polder
