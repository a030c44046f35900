// Oracle: what three fake nodes were sent, put together: seeds (s0, s1) to
// node 0, (s1, data) to node 1, (data, s0) to node 2.
#include "client/nodes/upload.h"

#include <gtest/gtest.h>

#include <map>
#include <mutex>

#include "base/json.h"
#include "client/testing/fake_nodes.h"
#include "crypto/hex.h"

namespace polder {
namespace {

namespace json = boost::json;
constexpr std::size_t chunk_bytes = 1000;

/// Nodes that keep what they are sent and may already have some of it.
class Uploads : public testing::Test {
 protected:
  Uploads()
      : fake_([this](int role, const HttpRequest& request) { return answer(role, request); }),
        table_(prepare_table(party(), {.name = "t", .owner = "o"}, TableSecrets::random(), 1)) {}

  static PartyFile party() {
    PartyFile file;
    for (std::uint64_t i = 0; i < 600; ++i) file.hashes.push_back(i * 0x9E3779B97F4A7C15);
    return file;
  }

  HttpResponse answer(int role, const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    const std::string& path = request.path;
    seen_[role].push_back(request.method + " " + path.substr(0, path.rfind('/')));
    if (role == failing_ && path.find("/chunks/") != std::string::npos)
      return error_answer(Code::busy, "disk full");
    if (path == "/v1/uploads") {
      const std::size_t chunks = role == 0 ? 0 : ceil_div(table_.manifest.data_bytes, chunk_bytes);
      return json_answer({{"upload", table_.handle()},
                          {"state", "uploading"},
                          {"chunk_bytes", chunk_bytes},
                          {"chunks", chunks},
                          {"have", have_[role]},
                          {"seeds", seeds_there_}});
    }
    if (request.method == "PUT")
      sent_[role][path.substr(path.find(table_.handle()) + 33)] = request.body;
    if (path.ends_with("/finish")) return json_answer({{"receipt", {{"role", role}}}});
    if (path.ends_with("/publish"))
      published_[role] = std::string(request.body.begin(), request.body.end());
    return {.body = "{}"};
  }

  Bytes data_sent_to(int role) const {
    Bytes data;
    for (std::size_t i = 0;; ++i) {
      const auto chunk = sent_.at(role).find(fmt::format("chunks/{}", i));
      if (chunk == sent_.at(role).end()) return data;
      data.insert(data.end(), chunk->second.begin(), chunk->second.end());
    }
  }

  std::string run() {
    CancellationToken cancellation;
    const SigningKey owner = SigningKey::random();
    ThreeNodes nodes(fake_.network, cancellation, &owner);
    return upload(nodes, table_, owner, {});
  }

  std::mutex mutex_;
  std::map<int, std::vector<std::string>> seen_;
  std::map<int, std::map<std::string, Bytes>> sent_;
  std::map<int, std::string> published_;
  std::map<int, json::array> have_;
  bool seeds_there_ = false;
  int failing_ = -1;
  FakeNodes fake_;
  PreparedTable table_;
};

TEST_F(Uploads, EachNodeGetsItsOwnPartsOnly) {
  EXPECT_EQ(run(), table_.handle());
  const auto& s0 = table_.secrets.seeds.first.raw();
  const auto& s1 = table_.secrets.seeds.second.raw();
  const auto& blind = table_.secrets.blind.raw();
  const auto joined = [](const auto& front, const auto& rest) {
    Bytes both(front.begin(), front.end());
    both.insert(both.end(), rest.begin(), rest.end());
    return both;
  };
  EXPECT_EQ(sent_[0]["seeds"], joined(s0, s1)) << "and no blind";
  EXPECT_EQ(sent_[1]["seeds"], joined(s1, blind));
  EXPECT_EQ(sent_[2]["seeds"], joined(s0, blind));

  const auto data = bytes_of(std::span<const std::uint64_t>(table_.data));
  EXPECT_EQ(sent_[0].size(), 1U) << "node 0 gets no data";
  EXPECT_EQ(data_sent_to(1), Bytes(data.begin(), data.end()));
  EXPECT_EQ(data_sent_to(2), Bytes(data.begin(), data.end()));
  EXPECT_EQ(published_.size(), 3U);
  EXPECT_EQ(published_[0], published_[1]);
  EXPECT_NE(published_[0].find(R"([{"role":0},{"role":1},{"role":2}])"), std::string::npos);
}

TEST_F(Uploads, OnlyWhatIsMissingIsSent) {
  seeds_there_ = true;
  have_[1] = {0, 1, 3};
  run();
  EXPECT_FALSE(sent_[1].contains("seeds"));
  EXPECT_FALSE(sent_[1].contains("chunks/1"));
  EXPECT_TRUE(sent_[1].contains("chunks/2"));
  EXPECT_TRUE(sent_[2].contains("chunks/1"));
}

TEST_F(Uploads, ANodeThatRefusesEndsItAtAllAndIsNamed) {
  failing_ = 2;
  try {
    run();
    FAIL() << "uploaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::busy);
    EXPECT_NE(std::string(error.what()).find("node 2"), std::string::npos);
  }
  EXPECT_TRUE(published_.empty());
}

}  // namespace
}  // namespace polder
