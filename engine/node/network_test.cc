// Oracle: a network made here and then bent field by field; the id is over all the rest.
#include "wire/network.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/testing/test_folder.h"
#include "base/text_file.h"
#include "crypto/hex.h"
#include "node/settings.h"

namespace polder {
namespace {

Network made_network() {
  const auto card = [](const std::string& name, std::uint16_t port) {
    return NodeCard{.name = name,
                    .api = {"node.example", port},
                    .mesh = {"::1", static_cast<std::uint16_t>(port + 1)},
                    .certificate = "PEM of " + name};
  };
  return make_network({card("a", 10), card("b", 20), card("c", 30)});
}

TEST(Network, ReadsBackWhatItWrites) {
  const Network network = made_network();
  const Network read = parse_network(to_text(network));
  EXPECT_EQ(to_text(read), to_text(network));
  EXPECT_EQ(read.id, network.id);
  EXPECT_EQ(read.nodes[1].mesh.host, "::1");
  EXPECT_NE(made_network().id, network.id) << "a fresh matching key each time";
}

TEST(Network, KeepsTheMatchingKeyOutOfTheFileThatNodesHave) {
  const Network network = made_network();
  const std::string key = to_hex(network.matching_key);
  EXPECT_EQ(to_text(network).find(key), std::string::npos);
  Network read = parse_network(to_text(network));
  EXPECT_TRUE(read.matching_key.empty());
  EXPECT_THROW(add_matching_key(read, matching_key_text(made_network())), Error) << "another's";
  std::string bent = matching_key_text(network);
  bent[bent.find(key)] = key[0] == '1' ? '2' : '1';
  EXPECT_THROW(add_matching_key(read, bent), Error);
  EXPECT_TRUE(read.matching_key.empty());
  add_matching_key(read, matching_key_text(network));
  EXPECT_EQ(to_hex(read.matching_key), key);
}

TEST(Network, RefusesAChangedFile) {
  const std::string text = to_text(made_network());
  int refused = 0;
  for (std::size_t at = 0; at < text.size() - 1; ++at) {
    std::string changed = text;
    changed[at] = changed[at] == '1' ? '2' : '1';
    if (changed == text) continue;
    EXPECT_THROW(parse_network(changed), Error) << "byte " << at;
    ++refused;
  }
  EXPECT_GT(refused, 400);
}

TEST(Network, NeedsThreeDifferentNodes) {
  const Network network = made_network();
  auto nodes = network.nodes;
  nodes[2] = nodes[0];
  EXPECT_THROW(make_network(nodes), Error);
  nodes[2] = network.nodes[2];
  nodes[2].certificate = nodes[1].certificate;
  EXPECT_THROW(make_network(nodes), Error);
}

TEST(NodeFolder, IsMadeOnceWithKeysThatOthersCannotRead) {
  const TestFolder folder;
  const NewNode node{.folder = folder.path() / "n",
                     .name = "alpha",
                     .api = {"127.0.0.1", 8001},
                     .mesh = {"127.0.0.1", 8002}};
  const NodeCard card = make_node(node);
  EXPECT_EQ(to_text(parse_node_card(read_text(node.folder / "alpha.node.json"))), to_text(card));
  const NodeSettings settings = parse_settings(read_text(node.folder / "node.json"));
  EXPECT_EQ(to_text(settings.listen_api), "127.0.0.1:8001");
  for (const char* file : {"node.key", "store.key"}) {
    const auto rights = std::filesystem::status(node.folder / file).permissions();
    EXPECT_EQ(rights, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  EXPECT_EQ(std::filesystem::file_size(node.folder / "store.key"), 32u);
  EXPECT_THROW(make_node(node), Error) << "a second node in one folder";
}

TEST(Settings, RefuseUnknownFieldsAndSizes) {
  const std::string head = R"({"format":1,"name":"a","api":"h:1","mesh":"h:2")";
  EXPECT_EQ(parse_settings(head + R"(,"memory_mb":5})").memory_bytes, 5u << 20);
  EXPECT_EQ(to_text(parse_settings(head + R"(,"listen_api":"0.0.0.0:9"})").listen_api),
            "0.0.0.0:9");
  EXPECT_EQ(parse_settings(head + R"(,"lanes":5})").lanes, 5);
  EXPECT_GE(parse_settings(head + "}").lanes, 1);
  EXPECT_THROW(parse_settings(head + R"(,"lanes":0})"), Error);
  EXPECT_THROW(parse_settings(head + R"(,"lanes":65})"), Error);
  EXPECT_THROW(parse_settings(head + R"(,"memory":5})"), Error);
  EXPECT_THROW(parse_settings(head + R"(,"memory_mb":0})"), Error);
  EXPECT_THROW(parse_settings(head + R"(,"listen_api":"nowhere"})"), Error);
}

}  // namespace
}  // namespace polder
