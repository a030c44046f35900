// Oracle: the published list itself.
#include "peer/lookup/list_file.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/testing/test_folder.h"
#include "net/testing/memory_parties.h"
#include "net/testing/test_support.h"
#include "peer/testing/test_rows.h"

namespace polder {
namespace {

namespace fs = std::filesystem;
using testing::expect_error;
using testing::identifier;
using testing::padded;
using testing::register_of;
using testing::report_of;
using testing::Reports;
using testing::some_seed;
using testing::thrown_by;

constexpr std::uint64_t rows = 5;
constexpr std::uint64_t two_pieces = 17'000;  // entries of 64 bytes

void send_entries(Channel& to, const Bytes& entries) {
  in_pieces(entries.size(), [&](std::uint64_t at, std::uint64_t size) {
    to.send(std::span(entries).subspan(at, size));
  });
  to.flush();
}

/// One party receives the list of `head` into `file`; the other sends as `send` does.
ListFile receive(const fs::path& file, const ListHead& head,
                 const std::function<void(Channel&)>& send) {
  MemoryParties scenario(2, {.silence = testing::ample});
  std::optional<ListFile> list;
  run_parties(scenario, [&](Parties& parties) {
    Channel& line = parties.to(1 - parties.self());
    if (parties.self() == 0) return send(line);
    list.emplace(ListFile::received(file, head, line));
  });
  return std::move(*list);
}

ListFile receive(const fs::path& file, const PublishedList& list) {
  return receive(file, list.head, [&](Channel& line) { send_entries(line, list.entries); });
}

void expect_finds(const ListFile& file, const PublishedList& list) {
  for (std::uint64_t number = 0; number < rows; ++number) {
    EXPECT_EQ(file.find(list.key(identifier(number))), padded(report_of(number), list.head.shape));
  }
  EXPECT_FALSE(file.find(list.key(identifier(rows))));
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder))
    files.push_back(entry.path().filename().string());
  return files;
}

TEST(ListFile, FindsWhatWasPublishedNowAndLater) {
  for (const std::uint64_t bound : {rows, rows + 1, two_pieces}) {
    for (const Reports reports : {Reports::given, Reports::none}) {
      const TestFolder folder;
      const fs::path file = folder.path() / "l";
      const PublishedList list = publish(register_of(rows, reports), bound, some_seed);
      EXPECT_FALSE(ListFile::kept(file, list.head));
      expect_finds(receive(file, list), list);
      EXPECT_EQ(files_in(folder.path()), std::vector<std::string>{"l"});
      const auto kept = ListFile::kept(file, list.head);
      ASSERT_TRUE(kept);
      expect_finds(*kept, list);
    }
  }
}

TEST(ListFile, OfNoEntriesFindsNothing) {
  const TestFolder folder;
  const PublishedList list = publish(register_of(0), 0, some_seed);
  EXPECT_FALSE(receive(folder.path() / "l", list).find(list.key(identifier(0))));
  EXPECT_TRUE(ListFile::kept(folder.path() / "l", list.head));
}

TEST(ListFile, IsItsOwnersAlone) {
  const TestFolder folder;
  const fs::path file = folder.path() / "l";
  receive(file, publish(register_of(rows), 8, some_seed));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(ListFile, ThatWasTouchedOrIsOfAnotherRegisterIsNotUsed) {
  const TestFolder folder;
  const fs::path file = folder.path() / "l";
  const PublishedList list = publish(register_of(rows), 8, some_seed);
  receive(file, list);
  EXPECT_FALSE(ListFile::kept(file, publish(register_of(rows - 1), 8, some_seed).head));

  const std::string good = file_contents(file);
  std::string changed = good;
  changed[changed.size() / 2] ^= 1;
  const std::string shorter = good.substr(0, good.size() - 1), longer = good + "x";
  for (const std::string& bad : {changed, shorter, longer, std::string()}) {
    write_file(file, bad);
    EXPECT_FALSE(ListFile::kept(file, list.head));
  }
  write_file(file, good);
  EXPECT_TRUE(ListFile::kept(file, list.head));
}

/// Whatever comes instead of the list of `head`: an error, and what was kept is as it was.
void expect_refused(const ListHead& head, const std::function<void(Channel&)>& send, Code code,
                    std::string_view why) {
  const TestFolder folder;
  const fs::path file = folder.path() / "l";
  const PublishedList old = publish(register_of(rows - 1), 8, some_seed);
  receive(file, old);
  expect_error(thrown_by([&] { receive(file, head, send); }), code, why);
  EXPECT_EQ(files_in(folder.path()), std::vector<std::string>{"l"});
  EXPECT_TRUE(ListFile::kept(file, old.head));
}

TEST(ListFile, AnotherListThanWasAnnouncedIsRefused) {
  const PublishedList list = publish(register_of(rows), 8, some_seed);
  const std::string_view why = "not the one whose fingerprint it gave";
  Bytes changed = list.entries;
  changed.back() ^= 1;
  expect_refused(
      list.head, [&](Channel& line) { send_entries(line, changed); }, Code::cheating, why);

  ListHead fewer = list.head;
  fewer.shape.entries -= 1;
  const Bytes all_but_one(list.entries.begin() + 64, list.entries.end());
  expect_refused(
      fewer, [&](Channel& line) { send_entries(line, all_but_one); }, Code::cheating, why);

  ListHead of_another_key = list.head;
  of_another_key.public_point = publish(register_of(1), 8, some_seed).head.public_point;
  expect_refused(
      of_another_key, [&](Channel& line) { send_entries(line, list.entries); }, Code::cheating,
      why);
}

TEST(ListFile, AFrameOfAnotherLengthIsRefused) {
  const PublishedList list = publish(register_of(rows), 8, some_seed);
  const Bytes cut(list.entries.begin(), list.entries.end() - 64);
  expect_refused(
      list.head, [&](Channel& line) { send_entries(line, cut); }, Code::cheating, "length");
}

TEST(ListFile, ASenderThatStopsHalfwayLeavesTheOldList) {
  const PublishedList list = publish(register_of(rows), two_pieces, some_seed);
  ASSERT_GT(list.entries.size(), std::size_t{1} << 20);
  expect_refused(
      list.head,
      [&](Channel& line) {
        line.send(std::span(list.entries).first(std::size_t{1} << 20));
        line.flush();
        fail(Code::cancelled, "stopped");
      },
      Code::cancelled, "stopped");
}

TEST(ListFile, ThatIsReplacedMeanwhileIsReadAsItWas) {
  const TestFolder folder;
  const fs::path file = folder.path() / "l";
  const PublishedList first = publish(register_of(rows), 8, some_seed);
  const PublishedList second = publish(register_of(rows), 9, some_seed);
  const ListFile held = receive(file, first);
  receive(file, second);
  expect_finds(held, first);
  EXPECT_FALSE(ListFile::kept(file, first.head));
}

}  // namespace
}  // namespace polder
