// What a member, a full disk, a lost key and a restored backup do to a node's tables. The letters
// are those of docs/testing.md.
#include <gtest/gtest.h>

#include "base/error.h"
#include "store/table_store.h"
#include "store/test_tables.h"

namespace polder {
namespace {

// W4: one manifest of the whole disk, without a byte, kept everybody else out for a day.
TEST(TableStore, PromisesNoSpaceToWhatDoesNotCome) {
  const TestNodes nodes;
  const TestUpload announced, other;
  TestStore store(nodes, 1, announced.data.size() + 48);  // its seed and blind too
  store.members.set({.member = announced.owner, .changed_ms = 1});
  store.tables.begin(announced.manifest, announced.signature(), announced.owner, 1);
  EXPECT_EQ(store.take(other, 1).role, 1);
  EXPECT_EQ(code_of([&] { store.tables.put_chunk(announced.handle(), 0, announced.chunk(0)); }),
            Code::busy);
}

// H7: 80 empty tables of one member, with long names, stopped the commands of all.
TEST(TableStore, HoldsAMemberToItsQuota) {
  const TestNodes nodes;
  TestStore store(nodes, 1, std::uint64_t{1} << 40, {.tables = 3, .uploads = 2});
  const auto begin = [&](const TestUpload& upload) {
    store.members.set({.member = upload.owner, .changed_ms = 1});
    store.tables.begin(upload.manifest, upload.signature(), upload.owner, 1);
  };
  const TestUpload first(10), second(10), third(10);
  begin(first);
  begin(second);
  EXPECT_EQ(code_of([&] { begin(third); }), Code::busy) << "two are unfinished";
  store.take(first, 1);
  begin(third);
  store.take(second, 1);
  const TestUpload fourth(10);
  EXPECT_EQ(code_of([&] { begin(fourth); }), Code::busy) << "three tables";
  begin(third);  // the same again is no other one
  store.tables.remove(first.handle());
  begin(fourth);

  TestUpload wide(0);
  wide.manifest.columns.clear();
  for (int i = 0; i < 1000; ++i) {
    wide.manifest.columns.push_back({.name = fmt::format("{:04}", i) + std::string(120, '"'),
                                     .type = "flag",
                                     .kind = ColumnSpec::Kind::bits,
                                     .width = 1});
  }
  EXPECT_EQ(code_of([&] { begin(wide); }), Code::bad_input) << "names of 320 KB";

  TestStore small(nodes, 2, std::uint64_t{1} << 40, {.bytes = 100});
  const TestUpload large(100);
  small.members.set({.member = large.owner, .changed_ms = 1});
  EXPECT_EQ(code_of([&] { small.tables.begin(large.manifest, large.signature(), large.owner, 1); }),
            Code::busy);
}

// W10: an acknowledged piece whose file is gone could not be sent again.
TEST(TableStore, TakesAPieceAgainWhoseFileIsGone) {
  const TestNodes nodes;
  const TestUpload upload(1000);
  TestStore store(nodes, 1);
  store.members.set({.member = upload.owner, .changed_ms = 1});
  store.tables.begin(upload.manifest, upload.signature(), upload.owner, 1);
  store.tables.put_seeds(upload.handle(), upload.seeds_for(1));
  store.tables.put_chunk(upload.handle(), 0, upload.chunk(0));
  for (const auto& file : column_files(nodes, 1)) std::filesystem::remove(file);
  EXPECT_TRUE(store.tables.have(upload.handle()).empty());
  EXPECT_EQ(store.take(upload, 1).handle, upload.handle());
}

// W14: with the wrong key, or without its files, a node said that it was ready.
TEST(TableStore, SaysThatItsKeyOrItsFilesAreNotThere) {
  TestNodes nodes;
  const TestUpload upload(1000);
  const auto receipts = receipts_of(nodes, upload);
  EXPECT_EQ(TestStore(nodes, 1).tables.trouble(), "");
  const StoreKey right = StoreKey(nodes.store_key.raw());
  nodes.store_key = StoreKey::random();
  EXPECT_NE(TestStore(nodes, 1).tables.trouble().find("store.key"), std::string::npos);
  nodes.store_key = StoreKey(right.raw());
  EXPECT_EQ(TestStore(nodes, 1).tables.trouble(), "");
  for (const auto& file : column_files(nodes, 1)) std::filesystem::remove(file);
  TestStore store(nodes, 1);
  EXPECT_NE(store.tables.trouble().find(upload.handle()), std::string::npos);
  store.tables.remove(upload.handle());
  EXPECT_EQ(store.tables.trouble(), "") << "deleted";
}

TEST(TableStore, RemovesNoFilesForANewCatalogue) {
  const TestNodes nodes;
  receipts_of(nodes, TestUpload(1000));
  const auto before = column_files(nodes, 1);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(nodes.path(1) / ("catalogue.db" + std::string(suffix)));
  }
  EXPECT_EQ(code_of([&] { TestStore again(nodes, 1); }), Code::bad_input);
  EXPECT_EQ(column_files(nodes, 1), before);
}

// W18: with a renewed certificate no table worked, for a reason that named receipts.
TEST(TableStore, SaysThatATableIsOfAnEarlierNetworkFile) {
  TestNodes nodes;
  const TestUpload upload(100);
  const auto receipts = receipts_of(nodes, upload);
  TestStore(nodes, 1).tables.publish(upload.handle(), receipts);
  EXPECT_EQ(TestStore(nodes, 1).tables.outdated(), 0u);
  nodes.keys[0] = SigningKey::random();
  TestStore store(nodes, 1);
  EXPECT_EQ(store.tables.outdated(), 1u);
  try {
    store.tables.checked(upload.handle());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("upload it again"), std::string::npos);
  }
}

// W15: a table deleted while a session reads it was called cheating.
TEST(TableStore, SaysThatATableWasDeleted) {
  const TestNodes nodes;
  const TestUpload upload(100);
  const auto receipts = receipts_of(nodes, upload);
  TestStore store(nodes, 1);
  store.tables.publish(upload.handle(), receipts);
  const auto record = store.tables.checked(upload.handle());
  store.tables.remove(upload.handle());
  EXPECT_EQ(code_of([&] { store.tables.load(record); }), Code::not_found);
}

// H3: tables of a member that was expelled, and of one with new keys.
TEST(TableStore, HidesTablesOfTheExpelledAndKeepsThoseOfRenewedKeys) {
  const TestNodes nodes;
  const TestUpload upload(100);
  const auto receipts = receipts_of(nodes, upload);
  TestStore store(nodes, 1);
  store.tables.publish(upload.handle(), receipts);
  const auto shown = [&] {
    return store.tables.published({.manifest_bytes = 1 << 20}).tables.size();
  };
  Member renewed = upload.owner;
  renewed.sign = SigningKey::random().verify_key().raw();
  store.members.set({.member = renewed, .changed_ms = 2});
  EXPECT_EQ(shown(), 1u);
  store.tables.load(store.tables.checked(upload.handle()));
  store.members.set({.member = renewed, .state = Members::State::expelled, .changed_ms = 3});
  EXPECT_EQ(shown(), 0u);
  EXPECT_EQ(code_of([&] { store.tables.checked(upload.handle()); }), Code::forbidden);
}

TEST(TableStore, ListsTablesInPagesAndByName) {
  const TestNodes nodes;
  std::array<TestUpload, 5> uploads{TestUpload(10), TestUpload(10), TestUpload(10), TestUpload(10),
                                    TestUpload(10)};
  for (std::size_t i = 0; i < uploads.size(); ++i) uploads[i].manifest.created = i;
  uploads[3].manifest.name = "other";
  TestStore store(nodes, 1);
  for (const TestUpload& upload : uploads) {
    store.tables.publish(upload.handle(), receipts_of(nodes, upload));
  }
  std::vector<std::uint64_t> seen;
  std::int64_t after = 0;
  do {
    const auto page = store.tables.published({.after = after, .manifest_bytes = 300});
    EXPECT_LE(page.tables.size(), 2u);
    for (const TableRecord& table : page.tables) seen.push_back(table.manifest.created);
    after = page.last;
  } while (after != 0);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{0, 1, 2, 3, 4}));
  const auto named = store.tables.published({.name = "other", .owner = "A", .manifest_bytes = 1});
  ASSERT_EQ(named.tables.size(), 1u);
  EXPECT_EQ(named.tables[0].manifest.created, 3u);
  EXPECT_TRUE(store.tables.published({.owner = "B", .manifest_bytes = 1}).tables.empty());
}

}  // namespace
}  // namespace polder
