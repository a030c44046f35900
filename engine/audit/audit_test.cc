// A log that is changed in any way: what a reader sees who follows the chain, with and without a
// head of before.
#include <gtest/gtest.h>

#include "audit/audit_reader.h"
#include "base/error.h"

namespace polder {
namespace {

const std::string network(32, 'a');

std::string entry(std::int64_t number, const std::string& event = "run_begun") {
  return audit_text({.number = number,
                     .time_ms = 1000 + number,
                     .event = event,
                     .about = {{"session", std::string(32, '5')}},
                     .salt = std::string(32, 'f')});
}

std::vector<std::string> log(std::int64_t size) {
  std::vector<std::string> texts;
  for (std::int64_t number = 0; number < size; ++number) texts.push_back(entry(number));
  return texts;
}

AuditHead read(const std::vector<std::string>& texts, std::optional<AuditHead> kept = {}) {
  AuditReader reader(network, 1, kept);
  for (const std::string& text : texts) reader.add(text);
  return reader.head();
}

/// What a reader says; empty if nothing is wrong.
std::string objection(const std::vector<std::string>& texts, const AuditHead& said,
                      const SigningKey& signer, const VerifyKey& node,
                      std::optional<AuditHead> kept = {}) {
  try {
    AuditReader reader(network, 1, kept);
    for (const std::string& text : texts) reader.add(text);
    reader.finish(said, signer.sign(audit_head_text(network, 1, said)), node);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(AuditChain, IsOneWithTextsOrDigests) {
  const std::vector<std::string> texts = log(9);
  AuditReader reader(network, 1);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i % 2 == 0) {
      EXPECT_EQ(reader.add(texts[i]).number, static_cast<std::int64_t>(i));
    } else {
      reader.add(audit_digest(texts[i]));
    }
  }
  EXPECT_EQ(reader.head(), read(texts));
  EXPECT_NE(audit_start(network, 0), audit_start(network, 1));
  EXPECT_NE(audit_start(std::string(32, 'b'), 1), audit_start(network, 1));
}

TEST(AuditChain, EntriesHaveOneSpelling) {
  const AuditEntry parsed = parse_audit_entry(entry(4));
  EXPECT_EQ(audit_text(parsed), entry(4));
  EXPECT_THROW(parse_audit_entry(entry(4) + " "), Error);
  EXPECT_THROW(parse_audit_entry(R"({"number":4})"), Error);
}

TEST(AuditChain, WhatIsChangedTakenOutPutInOrMovedIsFound) {
  const SigningKey node = SigningKey::random();
  const VerifyKey key = node.verify_key();
  const std::vector<std::string> good = log(6);
  const AuditHead head = read(good);
  EXPECT_EQ(objection(good, head, node, key), "");

  std::vector<std::string> changed = good, cut = good, moved = good, longer = good;
  changed[2] = entry(2, "run_refused");
  cut.pop_back();
  std::swap(moved[1], moved[2]);
  longer.push_back(entry(6));
  EXPECT_NE(objection(changed, head, node, key).find("does not lead to the head"),
            std::string::npos);
  EXPECT_NE(objection(cut, head, node, key).find("does not lead to the head"), std::string::npos);
  EXPECT_NE(objection(moved, head, node, key).find("entry 2 where 1"), std::string::npos);
  EXPECT_NE(objection(longer, head, node, key).find("does not lead to the head"),
            std::string::npos);
  EXPECT_NE(objection(good, head, SigningKey::random(), key).find("did not sign"),
            std::string::npos);
}

TEST(AuditChain, ANodeThatSignsAnotherPastIsFoundByWhoKeptAHead) {
  const SigningKey node = SigningKey::random();
  const VerifyKey key = node.verify_key();
  const AuditHead kept = read(log(4));
  EXPECT_EQ(objection(log(4), read(log(4)), node, key, kept), "");
  EXPECT_EQ(objection(log(7), read(log(7)), node, key, kept), "");

  std::vector<std::string> other = log(7);
  other[3] = entry(3, "run_ended");
  EXPECT_NE(objection(other, read(other), node, key, kept).find("one of its first 4 entries"),
            std::string::npos);
  EXPECT_EQ(objection(other, read(other), node, key), "") << "who kept nothing cannot know";
  EXPECT_NE(objection(log(3), read(log(3)), node, key, kept).find("3 entries, and had 4 before"),
            std::string::npos);
}

}  // namespace
}  // namespace polder
