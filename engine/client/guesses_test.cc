// The attack that a hash of component 2 allowed: who holds both other components makes component 2
// of every guess of a table and compares its hash with what it was told. Here each node's whole
// view of an upload (all that it is sent, the manifest and receipts included) is searched for
// functions of the right guess: plain and keyed hashes of the value and of the component that the
// node lacks.
#include <gtest/gtest.h>
#include <sodium.h>

#include <mutex>

#include "base/json.h"
#include "client/files/party_file.h"
#include "client/lookup.h"
#include "client/nodes/upload.h"
#include "client/testing/fake_nodes.h"
#include "crypto/hex.h"

namespace polder {
namespace {

namespace json = boost::json;
using Text = std::string;

Text as_text(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }
Text as_text(std::span<const std::uint64_t> words) { return as_text(bytes_of(words)); }

Text blake2b(const Text& of, std::size_t size, const Text& key) {
  Text out(size, '\0');
  crypto_generichash_blake2b(reinterpret_cast<unsigned char*>(out.data()), size,
                             reinterpret_cast<const unsigned char*>(of.data()), of.size(),
                             reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return out;
}

Text sha2(const Text& of, std::size_t size) {
  Text out(size, '\0');
  auto* const to = reinterpret_cast<unsigned char*>(out.data());
  const auto* const from = reinterpret_cast<const unsigned char*>(of.data());
  (size == 32 ? crypto_hash_sha256 : crypto_hash_sha512)(to, from, of.size());
  return out;
}

/// Everything that a node might compare a guess with: the value itself and its hashes, under each
/// key that the node could have.
std::vector<Text> functions_of(const Text& value, const std::vector<Text>& keys) {
  std::vector<Text> all{value.substr(0, 16)};
  for (const std::size_t size : {16, 20, 32, 64}) {
    all.push_back(blake2b(value, size, ""));
    for (const Text& key : keys) all.push_back(blake2b(value, size, key));
  }
  for (const std::size_t size : {32, 64}) {
    all.push_back(sha2(value, size));
    for (const Text& key : keys) all.push_back(sha2(key + value, size));
  }
  return all;
}

bool occurs(const Text& digest, const Text& view) {
  const Text hex = to_hex({reinterpret_cast<const std::uint8_t*>(digest.data()), digest.size()});
  return view.find(digest) != Text::npos || view.find(hex) != Text::npos ||
         view.find(hex.substr(0, 32)) != Text::npos;
}

constexpr MatchingKey key{7, 7, 7};
constexpr std::array guesses{"nl91abna0417164300", "nl02rabo0123456789", "nl20ingb0001234567"};
constexpr std::size_t asked = 1;

/// The question of a look-up, as Lookup uploads it: one row, one column.
PartyFile query_of(std::string_view identifier) {
  PartyFile asked_about;
  asked_about.key = {{.name = "client_id"}};
  asked_about.hashes =
      hashed_queries({.matching_key = key, .key = asked_about.key}, {std::string(identifier)});
  return asked_about;
}

class Guesses : public testing::Test {
 protected:
  Guesses()
      : fake_([this](int role, const HttpRequest& request) { return answer(role, request); }),
        table_(prepare_table(query_of(guesses[asked]), {.name = "questions", .owner = "bank"},
                             TableSecrets::random(), 1)) {
    CancellationToken cancellation;
    const SigningKey owner = SigningKey::random();
    ThreeNodes nodes(fake_.network, cancellation, &owner);
    upload(nodes, table_, owner, {});
  }

  HttpResponse answer(int role, const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    Text& view = views_[static_cast<std::size_t>(role)];
    view += request.target + "\n";
    for (const char* header : {"polder-key", "polder-time", "polder-nonce", "polder-signature"})
      view += Text(request.header(header)) + "\n";
    view += as_text(request.body) + "\n";
    if (request.path.ends_with("/seeds"))
      seeds_[static_cast<std::size_t>(role)] = as_text(request.body);
    if (request.path == "/v1/uploads") {
      return json_answer({{"upload", table_.handle()},
                          {"state", "uploading"},
                          {"chunk_bytes", 4096},
                          {"chunks", role == 0 ? 0 : 1},
                          {"have", json::array()},
                          {"seeds", false}});
    }
    if (request.path.ends_with("/finish")) return json_answer({{"receipt", {{"role", role}}}});
    return {.body = "{}"};
  }

  /// The guesses that a node's view tells from others, given the component that it lacks.
  std::vector<std::size_t> found_by(std::size_t role, const Text& view) const {
    const std::vector<Text> keys{as_text(key), fake_.network.id, table_.handle(),
                                 from_view(role, 0), from_view(role, 1)};
    std::vector<std::size_t> found;
    for (std::size_t guess = 0; guess < guesses.size(); ++guess) {
      const PartyFile party = query_of(guesses[guess]);
      const PlainBits planes = PlainBits::of_rows(party.hashes, 1, 128);
      // Both others of the real table: what is left is what the guess would have been shared with.
      const Words lacked = lacked_component(role, planes);
      bool seen = false;
      for (const Text& value : {as_text(lacked), as_text(planes.words()), as_text(party.hashes),
                                Text(guesses[guess])}) {
        for (const Text& digest : functions_of(value, keys)) seen |= occurs(digest, view);
      }
      if (seen) found.push_back(guess);
    }
    return found;
  }

  Text from_view(std::size_t role, std::size_t half) const {
    return seeds_[role].substr(half * 16, half == 0 ? 16 : 32);
  }

  /// The guess less the two components that the node holds.
  Words lacked_component(std::size_t role, const PlainBits& guess) const {
    const Seeds& seeds = table_.secrets.seeds;
    Words all(guess.words().begin(), guess.words().end());
    const auto take = [&](std::span<const std::uint64_t> component) {
      for (std::size_t i = 0; i < all.size(); ++i) all[i] ^= component[i];
    };
    const auto expanded = [&](const Key& seed) {
      Words words(all.size());
      Stream(seed.derive("column identifier")).fill(words);
      return words;
    };
    if (role != 1) take(expanded(seeds.first));
    if (role != 2) take(expanded(seeds.second));
    if (role != 0) take(table_.data);
    return all;
  }

  std::mutex mutex_;
  std::array<Text, 3> views_, seeds_;
  FakeNodes fake_;
  PreparedTable table_;
};

TEST_F(Guesses, OfALookUpsQueryCannotBeTestedByAnyNode) {
  for (std::size_t role = 0; role < 3; ++role) {
    ASSERT_FALSE(views_[role].empty());
    EXPECT_EQ(found_by(role, views_[role]), std::vector<std::size_t>()) << "node " << role;
  }
}

/// The search itself: with the hash that manifests of format 1 had, node 0 finds the question.
TEST_F(Guesses, AreFoundWhereAHashOfComponent2IsTold) {
  const Text told = blake2b(as_text(table_.data), 32, "");
  const Text hex = to_hex({reinterpret_cast<const std::uint8_t*>(told.data()), told.size()});
  EXPECT_EQ(found_by(0, views_[0] + hex), std::vector<std::size_t>{asked});
}

}  // namespace
}  // namespace polder
