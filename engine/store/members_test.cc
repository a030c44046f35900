// Oracle: what an operator would expect of a list with one line a name.
#include "store/members.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/testing/test_folder.h"
#include "crypto/hex.h"
#include "crypto/random.h"

namespace polder {
namespace {

using State = Members::State;

struct Keys {
  SigningKey sign = SigningKey::random();
  ReceivingKey receive = ReceivingKey::random();

  Member member(const std::string& name) const {
    Member made{
        .name = name, .sign = sign.verify_key().raw(), .seal = receive.seal_key(), .proof = {}};
    made.proof = sign.sign(member_text(name, made.sign, made.seal));
    return made;
  }
};

class MembersTest : public ::testing::Test {
 protected:
  void reopen() {
    members_.reset();
    catalogue_.emplace(folder_.path() / "catalogue.db");
    members_.emplace(*catalogue_);
  }
  MembersTest() { reopen(); }

  template <typename Work>
  static std::string error_of(Work work) {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TestFolder folder_;
  std::optional<Catalogue> catalogue_;
  std::optional<Members> members_;
};

TEST_F(MembersTest, AreFoundByNameAndKeyAlsoAfterARestart) {
  const Keys keys;
  members_->set({.member = keys.member("A"), .changed_ms = 5});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(members_->named("A"), keys.member("A"));
    EXPECT_EQ(members_->with_key(keys.member("A").sign), keys.member("A"));
    EXPECT_FALSE(members_->named("B"));
    reopen();
  }
}

TEST_F(MembersTest, KeepAKeyForOneNameEvenWhenItIsReplaced) {
  const Keys first, second;
  members_->set({.member = first.member("A"), .changed_ms = 5});
  EXPECT_NE(error_of([&] { members_->set({.member = first.member("B"), .changed_ms = 6}); }), "");
  members_->set({.member = second.member("A"), .changed_ms = 7});
  EXPECT_FALSE(members_->with_key(first.member("A").sign)) << "the old key is no good";
  EXPECT_EQ(members_->keys_of("A").size(), 2u);
  reopen();
  EXPECT_NE(error_of([&] { members_->set({.member = first.member("B"), .changed_ms = 8}); }), "");
  EXPECT_EQ(members_->keys_of("A")[0].raw(), second.member("A").sign);
}

TEST_F(MembersTest, WhoIsExpelledIsNobodyAlsoAfterARestart) {
  const Keys keys;
  members_->set({.member = keys.member("A"), .changed_ms = 5});
  EXPECT_TRUE(
      members_->set({.member = keys.member("A"), .state = State::expelled, .changed_ms = 6}));
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(members_->named("A"));
    EXPECT_FALSE(members_->with_key(keys.member("A").sign));
    EXPECT_EQ(members_->entry("A")->state, State::expelled);
    reopen();
  }
  EXPECT_FALSE(members_->set({.member = keys.member("A"), .changed_ms = 5})) << "said before it";
  EXPECT_FALSE(members_->named("A"));
  EXPECT_TRUE(members_->set({.member = keys.member("A"), .changed_ms = 7}));
  EXPECT_TRUE(members_->named("A"));
}

// H2: the two halves of a secret key were taken for public ones, and shown to everybody.
TEST_F(MembersTest, SecretKeysAreNoMember) {
  const Keys keys;
  boost::json::object object = to_json(keys.member("A"));
  EXPECT_EQ(parse_member(object), keys.member("A"));
  auto seed = keys.sign.seed();
  object["sign"] = to_hex(seed);
  EXPECT_NE(error_of([&] { parse_member(object); }).find("vouch"), std::string::npos);
  object = to_json(keys.member("A"));
  object["seal"] = to_hex(keys.receive.raw());
  EXPECT_NE(error_of([&] { parse_member(object); }).find("vouch"), std::string::npos);
  object = to_json(keys.member("A"));
  object["name"] = "B";
  EXPECT_NE(error_of([&] { parse_member(object); }).find("vouch"), std::string::npos);
}

// W9: a seal key of zeros was admitted; the run computed and could not be read.
TEST_F(MembersTest, KeysThatNothingCanBeSealedToAreRefused) {
  const SigningKey sign = SigningKey::random();
  SealKey zeros{}, one{}, low{};
  one[0] = 1;
  low = from_hex<32>("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
  for (const SealKey& seal : {zeros, one, low}) {
    Member member{.name = "A", .sign = sign.verify_key().raw(), .seal = seal, .proof = {}};
    member.proof = sign.sign(member_text("A", member.sign, seal));
    EXPECT_NE(error_of([&] { parse_member(to_json(member)); }).find("sealed"), std::string::npos);
  }
  Member member = Keys().member("A");
  member.sign = {};  // a key of small order, whose zero signature fits everything
  member.proof = {};
  EXPECT_NE(error_of([&] { parse_member(to_json(member)); }), "");
}

TEST_F(MembersTest, HaveFingerprintsThatNameAndKeysMake) {
  const Keys keys, others;
  const std::string print = fingerprint(keys.member("A"));
  EXPECT_EQ(print.size(), 32u + 7u);
  EXPECT_NE(print, fingerprint(keys.member("B")));
  EXPECT_NE(print, fingerprint(others.member("A")));
}

}  // namespace
}  // namespace polder
