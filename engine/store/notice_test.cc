// Oracle: a notice is what its signer wrote, whole, and one about each thing is kept.
#include "store/notice.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "store/test_tables.h"

namespace polder {
namespace {

using Kind = Notice::Kind;

Member member_of(const std::string& name, const SigningKey& sign) {
  Member made{.name = name,
              .sign = sign.verify_key().raw(),
              .seal = ReceivingKey::random().seal_key(),
              .proof = {}};
  made.proof = sign.sign(member_text(name, made.sign, made.seal));
  return made;
}

Notice made(Kind kind, const std::string& about, std::int64_t time, const SigningKey& signer) {
  const bool has_keys = kind == Kind::admit || kind == Kind::replace;
  return signed_notice(
      "net",
      {.kind = kind,
       .about = about,
       .member = has_keys ? std::optional(member_of(about, SigningKey::random())) : std::nullopt,
       .time_ms = time,
       .signer = {},
       .signature = {}},
      signer);
}

TEST(Notice, SurvivesTheWireAndEveryFieldIsSigned) {
  const SigningKey signer = SigningKey::random();
  for (const Kind kind : {Kind::admit, Kind::expel, Kind::replace, Kind::delete_table}) {
    const Notice notice =
        made(kind, kind == Kind::delete_table ? std::string(32, '0') : "A", 7, signer);
    const Notice read = parse_notice(parse_object(canonical(to_json(notice)), "notice"));
    const auto fits = [&](const Notice& each, std::string_view network = "net") {
      return VerifyKey(each.signer).accepts(notice_text(network, each), each.signature);
    };
    EXPECT_TRUE(fits(read));
    EXPECT_FALSE(fits(read, "other network"));
    Notice bent = read;
    bent.time_ms = 8;
    EXPECT_FALSE(fits(bent));
    bent = read;
    bent.about += "x";
    EXPECT_FALSE(fits(bent));
    bent = read;
    bent.kind = kind == Kind::expel ? Kind::delete_table : Kind::expel;
    EXPECT_FALSE(fits(bent));
    if (!read.member) continue;
    bent = read;
    bent.member = member_of("A", SigningKey::random());
    EXPECT_FALSE(fits(bent));
  }
}

TEST(Notice, IsRefusedWhereItContradictsItself) {
  boost::json::object object = to_json(made(Kind::admit, "A", 7, SigningKey::random()));
  object["about"] = "B";
  EXPECT_THROW(parse_notice(object), Error);
  object = to_json(made(Kind::delete_table, std::string(32, '0'), 7, SigningKey::random()));
  object["about"] = "no handle";
  EXPECT_THROW(parse_notice(object), Error);
}

TEST(NoticeRecords, KeepTheLastAboutEachThingUnderANewNumber) {
  const TestFolder folder;
  Catalogue catalogue(folder.path() / "catalogue.db");
  NoticeRecords records(catalogue);
  const SigningKey signer = SigningKey::random();
  const Notice admitted = made(Kind::admit, "A", 5, signer);
  const Notice expelled = made(Kind::expel, "A", 6, signer);
  const Notice deleted = made(Kind::delete_table, std::string(32, '0'), 7, signer);
  records.keep(admitted);
  records.keep(deleted);
  EXPECT_TRUE(records.has(admitted));
  EXPECT_FALSE(records.has(expelled));
  records.keep(expelled);
  EXPECT_TRUE(records.has(admitted)) << "a later one about the same";
  const auto all = records.after(0, 10);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].notice.kind, Kind::delete_table);
  EXPECT_EQ(all[1].notice.kind, Kind::expel);
  EXPECT_EQ(records.after(all[0].number, 10).size(), 1u);
  EXPECT_EQ(records.after(all[1].number, 10).size(), 0u);
  EXPECT_EQ(records.after(0, 1).size(), 1u);
  records.forget_deletions(8);
  EXPECT_EQ(records.after(0, 10).size(), 1u) << "members are never forgotten";
}

// H5: a backup put back brought deleted tables back.
TEST(NoticeRecords, KnowWhichTablesShouldNotBeHere) {
  const TestNodes nodes;
  const TestUpload upload(10), other(10);
  TestStore store(nodes, 1);
  store.take(upload, 1);
  store.take(other, 1);
  NoticeRecords records(store.catalogue);
  records.keep(made(Kind::delete_table, upload.handle(), 7, SigningKey::random()));
  EXPECT_EQ(records.deleted_but_here(), std::vector<std::string>{upload.handle()});
}

}  // namespace
}  // namespace polder
