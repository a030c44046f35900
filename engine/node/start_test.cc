// What keeps a polderd from starting, and what it says then.
#include <gtest/gtest.h>

#include "base/text_file.h"
#include "node/testing/three_nodes.h"

namespace polder {
namespace {

using namespace testing;  // the test's own vocabulary

class Start : public ::testing::Test {
 protected:
  /// Exit status and log of a polderd that cannot start.
  std::pair<int, std::string> run(const std::filesystem::path& folder,
                                  const std::filesystem::path& network) {
    Process process(folder, network, folder_.path() / "log");
    const int status = process.wait();
    return {status, file_contents(folder_.path() / "log")};
  }
  NodeCard card(const std::string& name, std::uint16_t port, int days = 365) {
    return make_node({.folder = folder_.path() / name,
                      .name = name,
                      .api = {"127.0.0.1", port},
                      .mesh = {"127.0.0.1", static_cast<std::uint16_t>(port + 1)},
                      .days = days});
  }
  std::filesystem::path network(const std::array<NodeCard, 3>& cards) {
    write_file(folder_.path() / "network.json", to_text(make_network(cards)));
    return folder_.path() / "network.json";
  }

  TestFolder folder_;
};

TEST_F(Start, NeedsANetworkThatHasThisNode) {
  const auto file = network({card("a", 1), card("b", 3), card("c", 5)});
  card("d", 7);
  const auto [status, log] = run(folder_.path() / "d", file);
  EXPECT_EQ(status, 1);
  EXPECT_NE(log.find("no node with this folder's certificate"), std::string::npos) << log;
}

TEST_F(Start, RefusesAChangedNetworkFile) {
  const auto file = network({card("a", 1), card("b", 3), card("c", 5)});
  std::string text = file_contents(file);
  text.replace(text.find("127.0.0.1:6"), 11, "127.0.0.1:9");
  write_file(file, text);
  const auto [status, log] = run(folder_.path() / "a", file);
  EXPECT_EQ(status, 1);
  EXPECT_NE(log.find("its id does not belong"), std::string::npos) << log;
}

TEST_F(Start, RefusesAKeyThatOthersMayRead) {
  const auto file = network({card("a", 1), card("b", 3), card("c", 5)});
  std::filesystem::permissions(folder_.path() / "a" / "node.key", std::filesystem::perms(0644));
  const auto [status, log] = run(folder_.path() / "a", file);
  EXPECT_EQ(status, 1);
  EXPECT_NE(log.find("chmod 600"), std::string::npos) << log;
}

TEST_F(Start, RefusesAnExpiredCertificateOfItsOwn) {
  std::array<NodeCard, 3> cards{card("a", 1), card("b", 3), card("c", 5)};
  const SigningKey key = parse_private_key(read_text(folder_.path() / "a" / "node.key"));
  const Certificate old = Certificate::make(
      key, {.name = "a", .days = 1, .from = Certificate::now() - std::chrono::hours(48)});
  write_file(folder_.path() / "a" / "node.crt", old.pem());
  cards[0].certificate = old.pem();
  const auto [status, log] = run(folder_.path() / "a", network(cards));
  EXPECT_EQ(status, 1);
  EXPECT_NE(log.find("polderd: "), std::string::npos) << log;
}

TEST_F(Start, SaysWhatItNeeds) {
  const auto [status, log] = run(folder_.path() / "nowhere", folder_.path() / "nothing.json");
  EXPECT_EQ(status, 1);
  EXPECT_NE(log.find("nothing.json: cannot be read"), std::string::npos) << log;
}

}  // namespace
}  // namespace polder
