// Oracle: what the fake nodes were asked and answered; each error text is written out.
#include "client/nodes/node_client.h"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "base/wall_clock.h"
#include "client/nodes/three_nodes.h"
#include "client/testing/fake_nodes.h"
#include "crypto/hex.h"
#include "wire/signed_request.h"

namespace polder {
namespace {

using std::chrono::milliseconds;

template <typename Work>
Error error_of(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::internal, "no error");
}

HttpResponse empty_answer(int, const HttpRequest&) { return {.body = "{}"}; }

TEST(NodeClient, SignsRequestsForOneNodeAndOneUse) {
  std::mutex mutex;
  std::vector<HttpRequest> seen;
  FakeNodes fake([&](int, const HttpRequest& request) {
    const std::lock_guard lock(mutex);
    seen.push_back(request);
    return HttpResponse{.body = "{}"};
  });
  CancellationToken cancellation;
  const SigningKey key = SigningKey::random();
  NodeClient node(
      {.network = fake.network, .role = 1, .cancellation = cancellation, .signer = &key});
  node.put("/v1/uploads/x/seeds?a=1", Bytes{1, 2, 3});
  node.post("/v1/sessions", {{"a", 1}});
  node.get("/v1/sessions?most=1");

  ASSERT_EQ(seen.size(), 3U);
  for (const HttpRequest& request : seen) {
    EXPECT_EQ(request.header("polder-digest"), body_digest(request.body));
    const std::string text =
        request_text({.method = request.method,
                      .target = request.target,
                      .network = fake.network.id,
                      .role = 1,
                      .time_ms = std::stoll(std::string(request.header("polder-time"))),
                      .nonce = request.header("polder-nonce"),
                      .digest = request.header("polder-digest")});
    EXPECT_TRUE(key.verify_key().accepts(text, from_hex<64>(request.header("polder-signature"))));
    EXPECT_EQ(request.header("polder-key"), to_hex(key.verify_key().raw()));
    EXPECT_NEAR(std::stod(std::string(request.header("polder-time"))),
                static_cast<double>(now_ms()), 60'000);
  }
  EXPECT_NE(seen[0].header("polder-nonce"), seen[1].header("polder-nonce"));
}

TEST(NodeClient, AnErrorKeepsItsCodeAndNamesTheNode) {
  FakeNodes fake(
      [](int, const HttpRequest&) { return error_answer(Code::busy, "disk full; free 3 GB"); });
  CancellationToken cancellation;
  NodeClient node({.network = fake.network, .role = 2, .cancellation = cancellation});
  const Error error = error_of([&] { node.get("/v1/tables"); });
  EXPECT_EQ(error.code(), Code::busy);
  EXPECT_EQ(error.what(), node.who() + ": disk full; free 3 GB");
  EXPECT_EQ(node.who(),
            fmt::format("node 2 'node2' (https://127.0.0.1:{})", fake.network.nodes[2].api.port));
}

TEST(NodeClient, ANodeThatIsDownIsNamedWithinSeconds) {
  FakeNodes fake(empty_answer);
  fake.stop(0);
  CancellationToken cancellation;
  NodeClient node({.network = fake.network, .role = 0, .cancellation = cancellation});
  const Error error = error_of([&] { node.get("/v1/tables"); });
  EXPECT_EQ(error.code(), Code::peer_lost);
  EXPECT_EQ(error.what(), node.who() +
                              " cannot be reached: Connection refused; see whether it runs "
                              "(polder node status, polder up)");
  EXPECT_EQ(node.readiness().state, Readiness::State::down);
  EXPECT_EQ(node.readiness().why, error.what());
}

TEST(NodeClient, ACallGoesOnWhenANodeComesBack) {
  std::atomic<int> calls = 0;
  FakeNodes fake([&](int, const HttpRequest&) {
    ++calls;
    return HttpResponse{.body = "{}"};
  });
  CancellationToken cancellation;
  NodeClient node({.network = fake.network, .role = 0, .cancellation = cancellation});
  node.get("/v1/tables");
  fake.restart(0);
  node.get("/v1/tables");
  EXPECT_EQ(calls, 2);
}

TEST(NodeClient, ASilentNodeTimesOut) {
  std::atomic<bool> over = false;
  FakeNodes fake([&](int, const HttpRequest&) {
    while (!over) std::this_thread::sleep_for(milliseconds(10));
    return HttpResponse{.body = "{}"};
  });
  CancellationToken cancellation;
  NodeClient node({.network = fake.network, .role = 0, .cancellation = cancellation});
  const Error error = error_of([&] { node.get("/v1/tables", milliseconds(300)); });
  over = true;
  EXPECT_EQ(error.code(), Code::timed_out);
  EXPECT_EQ(error.what(),
            node.who() + " does not answer in time; see whether it runs and can be reached");
}

TEST(NodeClient, CancellingEndsAWaitAtOnce) {
  std::atomic<bool> over = false;
  FakeNodes fake([&](int, const HttpRequest&) {
    while (!over) std::this_thread::sleep_for(milliseconds(10));
    return HttpResponse{.body = "{}"};
  });
  CancellationToken cancellation;
  NodeClient node({.network = fake.network, .role = 0, .cancellation = cancellation});
  std::jthread later([&] {
    std::this_thread::sleep_for(milliseconds(200));
    cancellation.cancel();
  });
  const Error error = error_of([&] { node.get("/v1/tables"); });
  over = true;
  EXPECT_EQ(error.code(), Code::cancelled);
}

TEST(NodeClient, AnotherNodesCertificateIsRefused) {
  FakeNodes fake(empty_answer);
  std::swap(fake.network.nodes[0].api, fake.network.nodes[1].api);
  CancellationToken cancellation;
  NodeClient node({.network = fake.network, .role = 0, .cancellation = cancellation});
  const Error error = error_of([&] { node.get("/v1/tables"); });
  EXPECT_EQ(error.code(), Code::forbidden);
  EXPECT_EQ(error.what(), node.who() +
                              " shows another certificate than network.json has; get the present "
                              "network.json, or find out who answers there");
}

TEST(NodeClient, AnExpiredCertificateIsRefusedEvenIfItIsThePinnedOne) {
  FakeNodes fake(empty_answer);
  const SigningKey key = SigningKey::random();
  fake.network.nodes[0].certificate =
      FakeNodes::certificate(
          key, {.name = "old", .days = 1, .from = Certificate::now() - std::chrono::days(3)})
          .pem();
  CancellationToken cancellation;
  NodeClient node({.network = fake.network, .role = 0, .cancellation = cancellation});
  const Error error = error_of([&] { node.get("/v1/tables"); });
  EXPECT_EQ(error.code(), Code::forbidden);
  EXPECT_NE(std::string(error.what()).find("its operator makes a new one (polder node init)"),
            std::string::npos)
      << error.what();
}

TEST(NodeClient, AnAnswerLongerThanThereCanBeIsRefused) {
  FakeNodes fake(
      [](int, const HttpRequest&) { return HttpResponse{.body = std::string(2000, 'x')}; });
  CancellationToken cancellation;
  NodeClient node({.network = fake.network, .role = 0, .cancellation = cancellation});
  EXPECT_EQ(error_of([&] { node.get_bytes("/v1/x", 1999); }).code(), Code::cheating);
  EXPECT_EQ(node.get_bytes("/v1/x", 2000).size(), 2000U);
}

TEST(NodeClient, ALongBodyThatIsRefusedEarlyStillGivesTheReason) {
  FakeNodes fake(empty_answer);
  CancellationToken cancellation;
  const SigningKey key = SigningKey::random();
  NodeClient node(
      {.network = fake.network, .role = 0, .cancellation = cancellation, .signer = &key});
  const Bytes body((std::size_t{1} << 25), 7);
  EXPECT_EQ(error_of([&] { node.put("/v1/x", body); }).code(), Code::bad_input);
}

TEST(NodeClient, NamesBecomeOnePartOfAPath) {
  EXPECT_EQ(percent_encoded("a/b c%é"), "a%2Fb%20c%25%C3%A9");
}

TEST(ThreeNodes, ThrowsTheErrorNearestToTheCause) {
  std::array<Code, 3> codes{};
  FakeNodes fake([&](int role, const HttpRequest&) {
    return error_answer(codes[static_cast<std::size_t>(role)], fmt::format("role {}", role));
  });
  CancellationToken cancellation;
  ThreeNodes nodes(fake.network, cancellation);
  const auto thrown = [&](std::array<Code, 3> now) {
    codes = now;
    return error_of([&] { nodes.each([](NodeClient& node) { node.get("/"); }); });
  };
  EXPECT_EQ(thrown({Code::peer_aborted, Code::busy, Code::peer_aborted}).code(), Code::busy);
  EXPECT_EQ(thrown({Code::peer_aborted, Code::cancelled, Code::peer_lost}).code(), Code::peer_lost);
  EXPECT_EQ(thrown({Code::busy, Code::forbidden, Code::busy}).what(),
            nodes.node(0).who() + ": role 0");
}

TEST(ThreeNodes, TakingBackPassesOverNodesThatRefuse) {
  FakeNodes fake([](int role, const HttpRequest&) {
    if (role == 0) return HttpResponse{.body = "{}"};
    return error_answer(Code::not_found, "never heard of it");
  });
  fake.stop(2);
  CancellationToken cancellation;
  const ThreeNodes nodes(fake.network, cancellation);
  std::atomic<int> told = 0;
  nodes.tell_all([&](NodeClient& node) {
    node.get("/");
    ++told;
  });
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace polder
