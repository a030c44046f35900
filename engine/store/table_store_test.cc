#include "store/table_store.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "base/error.h"
#include "store/fault_points.h"
#include "store/test_tables.h"

namespace polder {
namespace {

using State = TableRecord::State;

std::vector<std::uint8_t> bytes(const Words& words) {
  const auto raw = bytes_of(std::span<const std::uint64_t>(words));
  return {raw.begin(), raw.end()};
}

/// What this node's store gives a run that agreed on the table under this handle.
TableShare loaded(TableStore& tables, const std::string& handle) {
  return tables.load(tables.checked(handle));
}

TEST(TableStore, GivesBackWhatEachNodeWasSent) {
  const TestNodes nodes;
  const TestUpload upload;
  const auto receipts = receipts_of(nodes, upload);
  for (int role = 0; role < 3; ++role) {
    TestStore store(nodes, role);
    EXPECT_EQ(store.tables.published(), 0u);
    EXPECT_EQ(code_of([&] { loaded(store.tables, upload.handle()); }), Code::not_found);
    store.tables.publish(upload.handle(), receipts);
    const TableShare share = loaded(store.tables, upload.handle());
    EXPECT_EQ(share.first.has_value(), role != 1);
    EXPECT_EQ(share.second.has_value(), role != 2);
    const auto is = [](const std::optional<Key>& key, const std::vector<std::uint8_t>& seed) {
      return !key || std::ranges::equal(key->raw(), seed);
    };
    EXPECT_TRUE(is(share.first, upload.seeds[0]));
    EXPECT_TRUE(is(share.second, upload.seeds[1]));
    EXPECT_EQ(bytes(share.data), role == 0 ? std::vector<std::uint8_t>() : upload.data);
  }
}

TEST(TableStore, TakesNoSeedsBlindOrDataThatTheManifestDoesNotDescribe) {
  for (int role = 0; role < 3; ++role) {
    for (const bool front : {true, false}) {
      const TestNodes nodes;
      TestUpload upload(100);
      std::vector<std::uint8_t>& sent = role == 1 && front ? upload.seeds[1]
                                        : front            ? upload.seeds[0]
                                        : role == 0        ? upload.seeds[1]
                                                           : upload.blind;
      sent.back() ^= 1;
      TestStore store(nodes, role);
      EXPECT_EQ(code_of([&] { store.take(upload, role); }), Code::bad_input) << role << front;
      EXPECT_EQ(code_of([&] { store.tables.record(upload.handle()); }), Code::not_found);
      EXPECT_TRUE(column_files(nodes, role).empty());
    }
  }
}

TEST(TableStore, LoadsTheRecordThatWasAgreedOnOrNothing) {
  const TestNodes nodes;
  const TestUpload upload(100), other(100);
  const auto receipts = receipts_of(nodes, upload);
  TestStore store(nodes, 0);
  store.tables.publish(upload.handle(), receipts);
  const auto agreed = store.tables.checked(upload.handle());

  // A node whose check at the upload failed would have other seeds under the same handle.
  const auto other_receipts = receipts_of(nodes, other);
  auto bent = std::make_shared<TableRecord>(*agreed);
  bent->manifest.hashes[1] = other.manifest.hashes[1];
  EXPECT_EQ(code_of([&] { store.tables.load(bent); }), Code::cheating);

  store.tables.remove(upload.handle());
  EXPECT_EQ(code_of([&] { store.tables.load(agreed); }), Code::not_found) << "deleted, no cheating";
  store.take(upload, 0);
  EXPECT_EQ(store.tables.load(agreed).first->raw()[0], upload.seeds[0][0]) << "the same again";
}

TEST(TableStore, OfAnOlderVersionIsRefused) {
  const TestNodes nodes;
  const TestStore made(nodes, 1);
  {
    Catalogue catalogue(nodes.path(1) / "catalogue.db");
    catalogue.change([](Database& database) { database.run("PRAGMA user_version = 1"); });
  }
  try {
    Catalogue(nodes.path(1) / "catalogue.db");
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("uploaded again"), std::string::npos) << error.what();
  }
}

TEST(TableStore, GoesOnWithAnUploadAfterARestart) {
  const TestNodes nodes;
  const TestUpload upload;
  const std::string handle = upload.handle();
  {
    TestStore store(nodes, 1);
    store.members.set({.member = upload.owner, .changed_ms = 1});
    store.tables.begin(upload.manifest, upload.signature(), upload.owner, 1);
    store.tables.put_chunk(handle, 1, upload.chunk(1));
    EXPECT_EQ(code_of([&] { store.tables.finish(handle); }), Code::bad_input);
  }
  TestStore store(nodes, 1);
  store.tables.begin(upload.manifest, upload.signature(), upload.owner, 2);
  EXPECT_EQ(store.tables.have(handle), (std::vector<std::int64_t>{1}));
  store.tables.put_chunk(handle, 1, upload.chunk(1));
  EXPECT_EQ(store.take(upload, 1).handle, handle);
  EXPECT_EQ(store.tables.finish(handle).signature, store.take(upload, 1).signature);
}

TEST(TableStore, RefusesWrongPartsAndForeignSignatures) {
  const TestNodes nodes;
  const TestUpload upload;
  const std::string handle = upload.handle();
  TestStore store(nodes, 2);
  store.members.set({.member = upload.owner, .changed_ms = 1});
  const Signature foreign = SigningKey::random().sign(canonical(upload.manifest));
  EXPECT_EQ(code_of([&] { store.tables.begin(upload.manifest, foreign, upload.owner, 1); }),
            Code::forbidden);
  store.tables.begin(upload.manifest, upload.signature(), upload.owner, 1);
  const auto put = [&](std::uint64_t number, std::size_t size) {
    return code_of(
        [&] { store.tables.put_chunk(handle, number, std::vector<std::uint8_t>(size)); });
  };
  EXPECT_EQ(put(3, 100), Code::bad_input);
  EXPECT_EQ(put(UINT64_MAX, 100), Code::bad_input);
  EXPECT_EQ(put(0, 0), Code::bad_input);
  EXPECT_EQ(put(0, chunk_bytes - 1), Code::bad_input);
  EXPECT_EQ(put(2, chunk_bytes), Code::bad_input);
  EXPECT_EQ(code_of([&] { store.tables.put_seeds(handle, upload.seeds_for(0)); }), Code::bad_input);
  EXPECT_EQ(code_of([&] { store.tables.put_seeds("none", upload.seeds[0]); }), Code::not_found);
  EXPECT_TRUE(store.tables.have(handle).empty());
}

TEST(TableStore, DropsAnUploadWhoseDataAreNotThoseOfTheManifest) {
  const TestNodes nodes;
  TestUpload upload;
  const std::string handle = upload.handle();
  upload.data.back() ^= 1;
  TestStore store(nodes, 1);
  EXPECT_EQ(code_of([&] { store.take(upload, 1); }), Code::bad_input);
  EXPECT_EQ(code_of([&] { store.tables.record(handle); }), Code::not_found);
  EXPECT_TRUE(column_files(nodes, 1).empty());
}

TEST(TableStore, PublishesOnlyWithTheThreeReceiptsOfThisTable) {
  const TestNodes nodes;
  const TestUpload upload(100), other(100);
  const auto good = receipts_of(nodes, upload), foreign = receipts_of(nodes, other);
  TestStore store(nodes, 0);
  const auto attempt = [&](std::vector<Receipt> receipts) {
    return code_of([&] { store.tables.publish(upload.handle(), receipts); });
  };
  EXPECT_EQ(attempt({good[0], good[1]}), Code::bad_input);
  EXPECT_EQ(attempt({good[0], good[2], good[1]}), Code::forbidden);
  EXPECT_EQ(attempt({good[0], good[1], good[1]}), Code::forbidden);
  EXPECT_EQ(attempt({good[0], foreign[1], good[2]}), Code::forbidden);
  auto changed = good;
  changed[1].signature[0] ^= 1;
  EXPECT_EQ(attempt(changed), Code::forbidden);
  EXPECT_EQ(store.tables.published(), 0u);
  store.tables.publish(upload.handle(), good);
  EXPECT_EQ(store.tables.published(), 1u);
}

TEST(TableStore, RefusesWhatDoesNotFitIntoItsSpace) {
  const TestNodes nodes;
  const TestUpload upload;
  TestStore store(nodes, 1, upload.data.size() + 48);  // its seed and blind too
  EXPECT_EQ(store.take(upload, 1).role, 1);
  const TestUpload second(1000);
  EXPECT_EQ(
      code_of([&] { store.tables.begin(second.manifest, second.signature(), second.owner, 1); }),
      Code::busy);
  store.tables.remove(upload.handle());
  store.tables.begin(second.manifest, second.signature(), upload.owner, 1);
}

TEST(TableStore, RemovesAbandonedUploadsButNoTables) {
  const TestNodes nodes;
  const TestUpload kept(100), dropped(100);
  const auto receipts = receipts_of(nodes, kept);
  TestStore store(nodes, 0);
  store.tables.publish(kept.handle(), receipts);
  store.tables.begin(dropped.manifest, dropped.signature(), dropped.owner, 50);
  store.tables.remove_abandoned(50);
  EXPECT_EQ(store.tables.record(dropped.handle()).state, State::uploading);
  store.tables.remove_abandoned(51);
  EXPECT_EQ(code_of([&] { store.tables.record(dropped.handle()); }), Code::not_found);
  EXPECT_EQ(store.tables.published(), 1u);
}

// ---- damage on disk: every change is noticed when the table is loaded (SECURITY 7)

class Damage : public testing::Test {
 protected:
  Damage() : upload_(40'000) {
    const auto receipts = receipts_of(nodes_, upload_);
    TestStore(nodes_, 1).tables.publish(upload_.handle(), receipts);
    files_ = column_files(nodes_, 1);
  }

  /// Loads after a restart; true if the damage was noticed.
  bool noticed() {
    TestStore store(nodes_, 1);
    try {
      loaded(store.tables, upload_.handle());
      return false;
    } catch (const Error& error) {
      return error.code() == Code::cheating || error.code() == Code::not_found;
    }
  }

  TestNodes nodes_;
  TestUpload upload_;
  std::vector<std::filesystem::path> files_;  // seeds and one chunk
};

TEST_F(Damage, OfAnyBit) {
  std::mt19937_64 random(7);
  TestStore store(nodes_, 1);
  for (const auto& file : files_) {
    const std::string whole = file_contents(file);
    for (int i = 0; i < 150; ++i) {
      std::string damaged = whole;
      const std::size_t at = i == 0 ? 0 : i == 1 ? whole.size() - 1 : random() % whole.size();
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
      write_file(file, damaged);
      EXPECT_THROW(loaded(store.tables, upload_.handle()), Error) << file << " byte " << at;
    }
    write_file(file, whole);
  }
  EXPECT_FALSE(noticed()) << "undamaged again";
}

TEST_F(Damage, ByCuttingAddingAndRemoving) {
  for (const auto& file : files_) {
    const std::string whole = file_contents(file);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{39}, std::size_t{56}, whole.size() / 2, whole.size() - 1}) {
      write_file(file, whole.substr(0, std::min(size, whole.size() - 1)));
      EXPECT_TRUE(noticed()) << file << " cut to " << size;
    }
    write_file(file, whole + "x");
    EXPECT_TRUE(noticed()) << file << " longer";
    std::filesystem::remove(file);
    EXPECT_TRUE(noticed()) << file << " gone";
    EXPECT_EQ(TestStore(nodes_, 1).tables.damaged(), 1u);
    write_file(file, whole);
    EXPECT_FALSE(noticed());
  }
}

TEST_F(Damage, BySwappingTwoFilesOrTwoTables) {
  const TestUpload other(40'000);
  const auto receipts = receipts_of(nodes_, other);
  TestStore(nodes_, 1).tables.publish(other.handle(), receipts);
  const auto all = column_files(nodes_, 1);
  for (const auto& file : files_) {
    const std::string whole = file_contents(file);
    for (const auto& with : all) {
      if (with == file) continue;
      write_file(file, file_contents(with));
      EXPECT_TRUE(noticed()) << file << " replaced by " << with;
    }
    write_file(file, whole);
  }
  EXPECT_FALSE(noticed());
}

TEST_F(Damage, ByNamingAnotherTablesPiecesInTheCatalogue) {
  const TestUpload other(40'000);
  const auto receipts = receipts_of(nodes_, other);
  TestStore(nodes_, 1).tables.publish(other.handle(), receipts);
  {
    Catalogue catalogue(nodes_.path(1) / "catalogue.db");
    catalogue.change([&](Database& database) {
      database.change("DELETE FROM pieces WHERE handle = ?", upload_.handle());
      database.change("UPDATE pieces SET handle = ? WHERE handle = ?", upload_.handle(),
                      other.handle());
    });
  }
  EXPECT_TRUE(noticed());
}

TEST_F(Damage, OfTheCataloguesManifestAndReceipts) {
  const auto change = [&](const char* sql) {
    Catalogue catalogue(nodes_.path(1) / "catalogue.db");
    catalogue.change([&](Database& database) { database.run(sql); });
  };
  const auto refused = [&] {
    TestStore store(nodes_, 1);
    EXPECT_THROW(loaded(store.tables, upload_.handle()), Error);
  };
  change("UPDATE tables SET manifest = replace(manifest, '\"created\":1', '\"created\":2')");
  refused();
  change("UPDATE tables SET manifest = replace(manifest, '\"created\":2', '\"created\":1')");
  EXPECT_FALSE(noticed());
  change("UPDATE tables SET receipts = replace(receipts, '\"role\":2', '\"role\":1')");
  refused();
}

// ---- crashes: after any single call that changes the disk, the table is whole or absent

/// The whole life of a table at one node, in a child that dies at call `at`; false if it ended
/// before that.
bool live_until(const TestNodes& nodes, const TestUpload& upload,
                const std::vector<Receipt>& receipts, long at) {
  const pid_t child = fork();
  if (child == 0) {
    set_fault(Fault::kill, at);
    TestStore store(nodes, 1);
    store.take(upload, 1);
    store.tables.publish(upload.handle(), receipts);
    store.tables.remove(upload.handle());
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
  return WIFSIGNALED(status);
}

TEST(Crash, AtAnyCallLeavesTheTableWholeOrAbsent) {
  const TestUpload upload(1000);
  std::vector<Receipt> receipts;
  TestNodes first;
  receipts = receipts_of(first, upload);
  long deaths = 0;
  for (long at = 0;; ++at, ++deaths) {
    TestNodes nodes;
    nodes.keys = {SigningKey(first.keys[0].seed()), SigningKey(first.keys[1].seed()),
                  SigningKey(first.keys[2].seed())};
    if (!live_until(nodes, upload, receipts, at)) break;
    TestStore store(nodes, 1);
    ASSERT_EQ(store.tables.damaged(), 0u) << "call " << at;
    std::size_t named = 0;
    const auto page = store.tables.published({.manifest_bytes = 1 << 20});
    for (const TableRecord& table : page.tables) {
      ASSERT_EQ(bytes(loaded(store.tables, table.handle).data), upload.data) << "call " << at;
      named = 2;
    }
    if (named == 0) {
      try {
        named = store.tables.have(upload.handle()).size();
      } catch (const Error&) {
        named = 0;
      }
    }
    ASSERT_EQ(column_files(nodes, 1).size(), named) << "orphans after call " << at;
    ASSERT_EQ(store.take(upload, 1).signature, receipts[1].signature)
        << "goes on after call " << at;
    store.tables.publish(upload.handle(), receipts);
    ASSERT_EQ(bytes(loaded(store.tables, upload.handle()).data), upload.data);
  }
  EXPECT_GT(deaths, 20) << "the calls were not seen";
}

TEST(DiskFull, AtAnyCallRefusesTheUploadAndGoesOnAfterwards) {
  const TestUpload upload(1000);
  TestNodes nodes;
  const auto receipts = receipts_of(nodes, upload);
  long failures = 0;
  for (long at = 0;; ++at) {
    TestStore store(nodes, 1);
    store.tables.remove(upload.handle());
    set_fault(Fault::disk_full, at);
    std::string message;
    try {
      store.take(upload, 1);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::busy) << error.what();
      message = error.what();
    }
    const bool over = disk_calls() <= at;
    set_fault(Fault::none, 0);
    if (over) break;
    if (!message.empty()) {
      ++failures;
      EXPECT_NE(message.find(nodes.path(1).string()), std::string::npos) << message;
    }
    ASSERT_EQ(store.take(upload, 1).signature, receipts[1].signature)
        << "space again after call " << at;
    store.tables.publish(upload.handle(), receipts);
    ASSERT_EQ(bytes(loaded(store.tables, upload.handle()).data), upload.data);
  }
  EXPECT_GT(failures, 5);
}

}  // namespace
}  // namespace polder
