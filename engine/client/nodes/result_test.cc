// Oracle: answers split here by hand (xor and sums of random words), sealed and sent by fake nodes.
#include "client/nodes/result.h"

#include <gtest/gtest.h>

#include <random>

#include "client/testing/fake_nodes.h"
#include "crypto/hex.h"
#include "wire/result_shares.h"

namespace polder {
namespace {

constexpr std::size_t n = 100;
const std::string session = "000102030405060708090a0b0c0d0e0f", run = "match A, B";

/// Node i holds components i and i + 1 of an answer of n bits and one number.
std::array<ResultShares, 3> answer(std::span<const std::uint64_t> rows, std::uint64_t number) {
  std::mt19937_64 random(1);
  std::array<Words, 3> bits{Words(2), Words(2), Words(2)};
  std::array<std::uint64_t, 3> sums{random(), random(), 0};
  sums[2] = number - sums[0] - sums[1];
  for (std::size_t i = 0; i < 2; ++i) {
    bits[0][i] = random();
    bits[1][i] = random();
    bits[2][i] = rows[i] ^ bits[0][i] ^ bits[1][i];
  }
  std::array<ResultShares, 3> nodes;
  for (std::size_t role = 0; role < 3; ++role) {
    const std::size_t next = (role + 1) % 3;
    nodes[role] = {
        .session = from_hex<16>(session),
        .role = static_cast<int>(role),
        .run = run,
        .columns = {{.label = "rows", .shares = Bits({n, 1}, {bits[role], bits[next]})},
                    {.label = "count", .shares = Arith({Words{sums[role]}, Words{sums[next]}})}}};
  }
  return nodes;
}

class Results : public testing::Test {
 protected:
  Results()
      : keys_{.name = "A b", .sign = SigningKey::random(), .receive = ReceivingKey::random()},
        nodes_([this](int role, const HttpRequest& request) {
          EXPECT_EQ(request.target, "/v1/sessions/" + session + "/results/A%20b");
          const Bytes box =
              seal(keys_.receive.seal_key(), encode(sent_[static_cast<std::size_t>(role)]));
          return HttpResponse{.type = "application/octet-stream",
                              .body = std::string(box.begin(), box.end())};
        }),
        sent_(answer(rows_, 12345)) {}

  Opened fetch() {
    CancellationToken cancellation;
    ThreeNodes three(nodes_.network, cancellation);
    const std::vector<std::string> names{keys_.name};
    return values_of(open(fetch_results(three, session, names)[0], session, keys_.receive), run);
  }

  Error error() {
    try {
      fetch();
    } catch (const Error& caught) {
      return caught;
    }
    return Error(Code::internal, "no error");
  }

  const std::array<std::uint64_t, 2> rows_{0x0123456789ABCDEF, 0xF};
  OrganisationKeys keys_;
  FakeNodes nodes_;
  std::array<ResultShares, 3> sent_;
};

TEST_F(Results, SharesAreOpenedAndPutTogether) {
  const Opened opened = fetch();
  const PlainBits& rows = std::get<PlainBits>(opened.at("rows"));
  ASSERT_EQ(rows.size(), n);
  for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(rows.flag(i), (rows_[i / 64] >> (i % 64) & 1) == 1);
  EXPECT_EQ(std::get<Words>(opened.at("count")), Words{12345});
}

TEST_F(Results, OneChangedBitIsNoticedWhicheverNodeChangedIt) {
  for (std::size_t role = 0; role < 3; ++role) {
    for (const int component : {0, 1}) {
      sent_ = answer(rows_, 12345);
      std::get<Bits>(sent_[role].columns[0].shares).component(component)[1] ^= 1;
      EXPECT_EQ(error().code(), Code::cheating);
      sent_ = answer(rows_, 12345);
      std::get<Arith>(sent_[role].columns[1].shares).component(component)[0] += 1;
      EXPECT_EQ(error().code(), Code::cheating);
    }
  }
}

TEST_F(Results, SharesOfAnotherFormAreNoticedBeforeTheyAreUsed) {
  const auto change = [&](auto how) {
    sent_ = answer(rows_, 12345);
    how(sent_[2]);
    return error().code();
  };
  EXPECT_EQ(change([](ResultShares& node) { node.role = 1; }), Code::cheating);
  EXPECT_EQ(change([](ResultShares& node) { node.session[0] ^= 1; }), Code::cheating);
  EXPECT_EQ(change([](ResultShares& node) { node.columns.pop_back(); }), Code::cheating);
  EXPECT_EQ(change([](ResultShares& node) { node.columns[0].label = "row"; }), Code::cheating);
  EXPECT_EQ(change([](ResultShares& node) {
              node.columns[0].shares = Bits({n, 1}, {Words(2)});
            }),
            Code::cheating);
  EXPECT_EQ(change([](ResultShares& node) {
              node.columns[0].shares = Bits({64, 1}, {Words(1), Words(1)});
            }),
            Code::cheating);
  EXPECT_EQ(change([](ResultShares& node) {
              node.columns[0].shares = Arith({Words(n), Words(n)});
            }),
            Code::cheating);
}

/// Who did not ask has a session's id from somebody else, who may have asked for another threshold
/// or other tables than it says.
TEST_F(Results, SayOfWhatRunTheyAreWithinEachSeal) {
  sent_[1].run = "match A, C";
  EXPECT_STREQ(error().what(), "node 1 ran another plan than node 0; do not trust this run");
  for (ResultShares& node : sent_) node.run = "match A, C";
  EXPECT_STREQ(error().what(),
               "the nodes ran another plan than they were asked for; do not trust this run");
}

// W16: a changed blob was called wrong use, and no node was named.
TEST_F(Results, AChangedBoxNamesItsNode) {
  SealedResult sealed;
  for (std::size_t role = 0; role < 3; ++role) {
    const Bytes box = seal(keys_.receive.seal_key(), encode(sent_[role]));
    sealed[role] = std::string(box.begin(), box.end());
  }
  sealed[1][sealed[1].size() / 2] ^= 1;
  try {
    open(sealed, session, keys_.receive);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::cheating);
    EXPECT_EQ(std::string(error.what()).find("node 1 sent a result"), 0U) << error.what();
  }
}

TEST_F(Results, OnlyTheRecipientsKeyOpens) {
  const SealKey other = ReceivingKey::random().seal_key();
  SealedResult sealed;
  for (std::size_t role = 0; role < 3; ++role) {
    const Bytes box = seal(other, encode(sent_[role]));
    sealed[role] = std::string(box.begin(), box.end());
  }
  EXPECT_THROW(open(sealed, session, keys_.receive), Error);
}

}  // namespace
}  // namespace polder
