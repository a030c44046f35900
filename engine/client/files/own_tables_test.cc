// Oracle: lists written down by hand; seeds are told apart by the shares that they give.
#include "client/files/own_tables.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/error.h"

namespace polder {
namespace {

class OwnTablesTest : public testing::Test {
 protected:
  OwnTablesTest() : folder_(testing::TempDir() + "/polder_own_" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~OwnTablesTest() override { std::filesystem::remove_all(folder_); }

  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  const std::filesystem::path folder_;
  const OwnTables tables_{folder_};
};

PartyFile party(std::uint64_t first) {
  PartyFile file;
  file.hashes = {first, 2, 3, 4};
  return file;
}

TEST_F(OwnTablesTest, IdentifiersComeBackAsTheyWereWritten) {
  Identifiers kept{.key = {"last name", "born"}, .spellings = {}};
  const std::vector<std::string> rows = {"\"de Vries, Jan\",1980", "\"two\nlines\",\"\"",
                                         " x ,\"a\"\"b\""};
  for (const std::string& row : rows) kept.spellings.add(row);
  tables_.keep("abc", kept);
  const Identifiers back = tables_.read("abc");
  EXPECT_EQ(back.key, kept.key);
  ASSERT_EQ(back.spellings.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(back.spellings[i], rows[i]);

  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "abc").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(OwnTablesTest, ANameThatHoldsASeparatorComesBack) {
  for (const char* name : {"a:b", "a;b", "a|b", "a^b", "a~b", "# a", "\"a"}) {
    Identifiers kept{.key = {name}, .spellings = {}};
    kept.spellings.add("1:2|3^4~5");
    tables_.keep("abc", kept);
    const Identifiers back = tables_.read("abc");
    EXPECT_EQ(back.key, kept.key);
    ASSERT_EQ(back.spellings.size(), 1u);
    EXPECT_EQ(back.spellings[0], "1:2|3^4~5");
  }
}

TEST_F(OwnTablesTest, ATableFromElsewhereIsNamed) {
  EXPECT_FALSE(tables_.has("abc"));
  try {
    tables_.read("abc");
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::not_found);
    EXPECT_EQ(error.what(), "the identifiers of table abc are not in " + folder_.string() +
                                "; open the result where the table was uploaded");
  }
}

TEST_F(OwnTablesTest, AnUploadOfTheSameContentsGoesOnWithItsSeeds) {
  const TableHead name{.name = "clients", .owner = "A"};
  const auto start = [&](const PartyFile& file, const TableHead& as) {
    const OwnTables::Start begun = tables_.start_upload("network", as, file);
    return std::pair(begun.secrets.seeds.first.raw(), begun.created_ms);
  };
  const auto first = start(party(1), name);
  EXPECT_EQ(start(party(1), name), first);
  EXPECT_NE(start(party(9), name).first, first.first) << "other contents never share seeds";
  EXPECT_NE(start(party(1), {.name = "clients", .owner = "B"}).first, first.first);
  TableHead stricter = name;
  stricter.serves.threshold = 3;
  EXPECT_NE(start(party(1), stricter).first, first.first) << "nor another rule";
  PartyFile reporting = party(1);
  reporting.report = "why";
  reporting.reports = {"ab", "c"};
  const auto with_reports = start(reporting, name).first;
  reporting.reports = {"a", "bc"};
  EXPECT_NE(start(reporting, name).first, with_reports) << "nor do other reports";
  tables_.upload_done("network", name, party(1));
  EXPECT_NE(start(party(1), name).first, first.first)
      << "a finished upload's seeds are not used again";
}

TEST_F(OwnTablesTest, AFileIsWholeOrAbsent) {
  {
    WholeFile file(folder_ / "x", Rights::owner_only);
    file.write("half");
    file.flush();
    EXPECT_FALSE(std::filesystem::exists(folder_ / "x"));
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(OwnTablesTest, AFullDiskLeavesNothing) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{.rlim_cur = 4096, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  bool refused = false;
  try {
    WholeFile file(folder_ / "x", Rights::owner_only);
    for (int i = 0; i < 100'000; ++i) file.write("0123456789");
    file.finish();
  } catch (const Error& error) {
    refused = true;
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_TRUE(refused);
  EXPECT_EQ(files(), 0U);
}

}  // namespace
}  // namespace polder
