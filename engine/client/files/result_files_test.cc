// Oracle: what lies in the folder afterwards, read by itself.
#include "client/files/result_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "base/json.h"
#include "base/text_file.h"

namespace polder {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

class ResultFolder : public testing::Test {
 protected:
  ResultFolder()
      : folder_(fs::path(testing::TempDir()) / ("polder_results_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~ResultFolder() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  /// One run that writes its session into NAME.csv for each of `names`.
  static void run(const ResultPlace& place, const std::string& session, const Names& names) {
    check_results(place, names, session);
    ResultFiles files(place, session);
    for (const std::string& name : names) files.add(name).write(session);
    files.finish({{"threshold", 2}});
  }

  static std::string error_of(const ResultPlace& place, const std::string& session,
                              const Names& names) {
    try {
      run(place, session, names);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::bad_input);
      return error.what();
    }
    return "no error";
  }

  Names there() const {
    Names names;
    for (const auto& entry : fs::directory_iterator(folder_ / "out"))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

  const fs::path folder_;
  const ResultPlace place_{.folder = folder_ / "out"};
  const ResultPlace replace_{.folder = folder_ / "out", .replace = true};
};

// F1: by device and inode, so no other name of it helps.
TEST_F(ResultFolder, AnInputIsNeverOverwrittenWhateverItIsCalled) {
  const fs::path input = write("bank.csv", "client_id\nK1\n");
  fs::create_directories(folder_ / "out");
  const auto refused = [&](bool replace) {
    const ResultPlace place{
        .folder = folder_ / "out", .inputs = {input.string()}, .replace = replace};
    return error_of(place, "1", {"a"});
  };
  const std::string target = (folder_ / "out" / "a.csv").string();
  const std::string error = target + ": the result would overwrite the input " + input.string() +
                            "; choose another folder with --out";
  fs::create_hard_link(input, target);
  EXPECT_EQ(refused(true), error);
  fs::remove(target);
  fs::create_symlink(input, target);
  EXPECT_EQ(refused(true), error);
  EXPECT_EQ(refused(false), error);
  const ResultPlace same{
      .folder = folder_, .inputs = {"none.csv", input.string()}, .replace = true};
  EXPECT_NE(error_of(same, "1", {"bank"}).find("would overwrite the input"), std::string::npos);
  EXPECT_EQ(read_text(input), "client_id\nK1\n");
}

// F15: results of two runs never lie side by side.
TEST_F(ResultFolder, AnEarlierRunIsReplacedAsAWholeAndOnlyIfThatIsSaid) {
  run(place_, "1", {"a", "b", "c"});
  EXPECT_EQ(there(), (Names{"a.csv", "b.csv", "c.csv", "summary.json"}));
  EXPECT_EQ(error_of(place_, "2", {"a"}),
            (folder_ / "out" / "a.csv").string() +
                ": is there already and is not replaced; choose another folder with --out, or say "
                "--force");
  EXPECT_NE(error_of(place_, "2", {"d"}).find("summary.json: is there already"), std::string::npos);
  EXPECT_EQ(read_text(folder_ / "out" / "a.csv"), "1");
  std::ofstream(folder_ / "out" / "notes.csv") << "a user's";
  run(replace_, "2", {"a"});
  EXPECT_EQ(there(), (Names{"a.csv", "notes.csv", "summary.json"})) << "b and c were of run 1";
  EXPECT_EQ(read_text(folder_ / "out" / "a.csv"), "2");
}

TEST_F(ResultFolder, AnInputThatAnEarlierRunWroteStays) {
  run(place_, "1", {"a", "b"});
  const ResultPlace place{
      .folder = folder_ / "out", .inputs = {(folder_ / "out" / "b.csv").string()}, .replace = true};
  run(place, "2", {"c"});
  EXPECT_EQ(there(), (Names{"b.csv", "c.csv", "summary.json"}));
}

TEST_F(ResultFolder, TheSummarySaysOfWhichRunTheyAre) {
  run(place_, "0f", {"a", "b"});
  const auto summary = parse_object(read_text(folder_ / "out" / "summary.json"), "summary");
  EXPECT_EQ(summary.at("session"), "0f");
  EXPECT_EQ(summary.at("threshold"), 2);
  EXPECT_EQ(summary.at("files"), (boost::json::array{"a.csv", "b.csv"}));
  EXPECT_EQ(summary.at("time").as_string().size(), std::string("2026-03-01T12:00:00Z").size());
}

TEST_F(ResultFolder, TheSameSessionMayAddAndRepeat) {
  run(place_, "1", {"a"});
  run(place_, "1", {"b"});
  run(place_, "1", {"a"});
  EXPECT_EQ(there(), (Names{"a.csv", "b.csv", "summary.json"}));
}

// F20: what cannot be written is known before the first file is there.
TEST_F(ResultFolder, NothingIsWrittenIfOneOfThemCannotBe) {
  fs::create_directories(folder_ / "out" / "b.csv");
  EXPECT_NE(error_of(replace_, "1", {"a", "b"}).find("b.csv: is a folder"), std::string::npos);
  EXPECT_EQ(there(), (Names{"b.csv"}));
}

TEST_F(ResultFolder, NothingIsLeftOfARunThatIsNotFinished) {
  {
    ResultFiles files(place_, "1");
    files.add("a").write("half");
  }
  EXPECT_EQ(there(), Names());
}

}  // namespace
}  // namespace polder
