// What becomes of the identifiers of files as banks export them. Oracle: rows written down by hand.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "client/files/party_file.h"

namespace polder {
namespace {

class FileIdentifiers : public testing::Test {
 protected:
  FileIdentifiers() : path_(testing::TempDir() + "/kinds_" + std::to_string(::getpid()) + ".csv") {}
  ~FileIdentifiers() override { std::filesystem::remove(path_); }

  PartyFile read(const std::string& text, const PartyFileOptions& options = {}) const {
    std::ofstream(path_, std::ios::binary) << text;
    return read_party_file(path_, options);
  }

  /// Without the file's name; "" if it is read.
  std::string error_of(const std::string& text, const PartyFileOptions& options = {}) const {
    try {
      read(text, options);
    } catch (const Error& error) {
      return std::string(error.what()).substr(path_.size() + 2);
    }
    return "";
  }

  /// How many identifiers of the one file are those of the other.
  std::size_t matches(const std::string& one, const std::string& other,
                      const PartyFileOptions& options = {}) const {
    const PartyFile a = read(one, options), b = read(other, options);
    std::size_t found = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (std::size_t j = 0; j < b.size(); ++j) {
        found += a.hashes[2 * i] == b.hashes[2 * j] && a.hashes[2 * i + 1] == b.hashes[2 * j + 1];
      }
    }
    return found;
  }

  bool warns(const PartyFile& file, std::string_view of) const {
    return std::ranges::any_of(file.warnings, [&](const std::string& warning) {
      return warning.find(of) != std::string::npos;
    });
  }

  const std::string path_;
};

TEST_F(FileIdentifiers, F4PlaceholdersAreLeftOutAndCounted) {
  const std::string a =
      "client_id,flagged\nNULL,1\nK1,0\nN/A,0\n#N/A,0\n-,0\n0,1\nunknown,0\nnan,0\n";
  const std::string b =
      "client_id,flagged\nNULL,1\nK2,0\nn/a,1\n#N/A,1\n-,1\n0,0\nUnknown,1\nNaN,1\n";
  EXPECT_EQ(matches(a, b), 0u);
  EXPECT_EQ(matches(a, b, {.placeholders = Placeholders::keep}), 7u);
  const PartyFile file = read(a);
  EXPECT_EQ(file.size(), 1u);
  EXPECT_EQ(file.empty_rows, 7u);
  EXPECT_EQ(file.placeholder_rows, 7u);
  EXPECT_EQ(
      error_of(a, {.empty = EmptyIdentifiers::refuse}),
      "row 2, column 'client_id': the identifier is a word for no value; fill it in, read the "
      "file without --strict to leave such rows out, or with --keep-placeholders if it is one");
}

TEST_F(FileIdentifiers, F4ARowThatLacksAPartOfItsKeyIsLeftOut) {
  const PartyFileOptions options{.key = {"name", "dob"}};
  EXPECT_EQ(matches("name,dob\nJansen,\n", "name,dob\njansen,\n", options), 0u);
  EXPECT_EQ(matches("name,dob\nJansen,NULL\n", "name,dob\njansen,null\n", options), 0u);
  const PartyFile file = read("name,dob\nJansen,\nSmit,N/A\n,1980-01-01\n", options);
  EXPECT_EQ(file.size(), 0u);
  EXPECT_EQ(file.empty_rows, 3u);
  EXPECT_EQ(file.placeholder_rows, 1u);
  EXPECT_NE(
      error_of("name,dob\nJansen,\n", {.key = {"name", "dob"}, .empty = EmptyIdentifiers::refuse})
          .find("row 2, column 'dob': the identifier is empty"),
      std::string::npos);
}

TEST_F(FileIdentifiers, F4AnIdentifierInVeryManyRowsIsNamed) {
  std::string text = "client_id\n";
  for (int i = 0; i < 100; ++i) text += "K" + std::to_string(i) + "\nK7\n";
  EXPECT_TRUE(warns(read(text), "the identifier of row 201 is in 101 of 200 rows"));
  EXPECT_FALSE(warns(read("client_id\nK1\nK1\nK2\n"), "rows"));
}

TEST_F(FileIdentifiers, F5SpreadsheetDamageIsRefusedWithItsRow) {
  EXPECT_NE(error_of("client_id\nK1\n\"4,68769E+17\"\n")
                .find("row 3, column 'client_id': a spreadsheet has made a rounded number"),
            std::string::npos);
  EXPECT_NE(error_of("client_id\n1001.0\n1002.0\n").find("row 2, column 'client_id'"),
            std::string::npos);
  EXPECT_EQ(matches("client_id\n1001.0\n1002.0\n", "client_id\n1001\n1002\n", {.kind = "number"}),
            2u);
  EXPECT_EQ(matches("client_id\n\"=\"\"0012345\"\"\"\n", "client_id\n0012345\n"), 1u);
  EXPECT_EQ(matches("client_id\n'0012345\n", "client_id\n0012345\n"), 1u);
}

TEST_F(FileIdentifiers, F5NumbersOfMixedLengthsAreWarnedOf) {
  EXPECT_TRUE(
      warns(read("client_id\n12345\n0012346\n"), "column 'client_id': numbers have 5 to 7 digits"));
  EXPECT_FALSE(warns(read("client_id\n0012345\n0012346\n"), "digits"));
  EXPECT_FALSE(warns(read("client_id\n12345\n0012346\n", {.kind = "number"}), "digits"));
}

TEST_F(FileIdentifiers, F6InvisibleCharactersNeitherHideNorMakeClients) {
  EXPECT_EQ(matches("client_id\nNL91\u200BABNA0417164300\n", "client_id\nNL91ABNA0417164300\n"),
            1u);
  EXPECT_EQ(matches("client_id,x\n\u200B,1\nK1,0\n", "client_id,x\n\u200B,1\nK2,0\n"), 0u);
  EXPECT_EQ(read("client_id,x\n\u200B,1\n").empty_rows, 1u);
  EXPECT_EQ(
      error_of("client_id,x\nK1,1\nK\x02,1\n"),
      "row 3, column 'client_id': the identifier has a control character, U+0002, in place 2; "
      "remove it");
}

TEST_F(FileIdentifiers, F8CaseCountsInExactAndMergedRowsAreCounted) {
  const std::string text = "client_id,flagged\n001A0000006Vm9r,0\n001A0000006Vm9R,1\n";
  const PartyFile folded = read(text, {.flag = "flagged"});
  EXPECT_EQ(folded.size(), 1u);
  EXPECT_EQ(folded.respelled_rows, 1u);
  const PartyFile exact = read(text, {.kind = "exact", .flag = "flagged"});
  EXPECT_EQ(exact.flags, (std::vector<std::uint8_t>{0, 1}));
  EXPECT_EQ(read("client_id\nK1\nK1\n").respelled_rows, 0u);
  EXPECT_EQ(read("client_id\nK2²\nK22\n").respelled_rows, 1u);
}

TEST_F(FileIdentifiers, F9KindsStandBehindTheColumnsName) {
  const PartyFile file = read("name,born\nJansen,1-2-1980\n", {.key = {"name", "born:date"}});
  EXPECT_EQ(file.key, (std::vector<KeyColumn>{{.name = "name"}, {.name = "born", .kind = "date"}}));
  EXPECT_EQ(file.identifiers.key, (std::vector<std::string>{"name", "born"}));
  EXPECT_EQ(read("a:b\nx\n", {.key = {"a:b"}}).key.front().name, "a:b");
  EXPECT_EQ(read("iban\nNL91ABNA0417164300\n", {.kind = "iban"}).key.front().kind, "iban");
  EXPECT_NE(error_of("iban\nJansen\n", {.kind = "iban"}).find("row 2, column 'iban': not an IBAN"),
            std::string::npos);
}

TEST_F(FileIdentifiers, F10PunctuationAndScriptsOfOneName) {
  EXPECT_EQ(
      matches("client_id\nO\u2019Brien\nJansen\u2013Smit\n", "client_id\nO'Brien\nJansen-Smit\n"),
      2u);
  EXPECT_EQ(matches("client_id\nY\u0131lmaz K\u0131l\u0131\u00E7\n\u0130pek Demir\n",
                    "client_id\nYILMAZ KILI\u00C7\nipek demir\n"),
            2u);
  EXPECT_EQ(matches("client_id\n\u0661\u0662\u0663\u0664\n", "client_id\n1234\n"), 1u);
  EXPECT_EQ(
      matches("client_id\nNL91-ABNA-0417-1643-00\n", "client_id\nIBAN NL91 ABNA 0417 1643 00\n"),
      1u);
}

TEST_F(FileIdentifiers, F10LettersThatLookLikeOthersAreWarnedOf) {
  EXPECT_TRUE(
      warns(read("client_id\nK1\nАВ123\n"), "1 identifiers are in letters of another script"));
  EXPECT_TRUE(warns(read("client_id\nK1\nJаnsen\n"), "1 identifiers mix letters of scripts"));
  EXPECT_FALSE(warns(read("client_id\nJos\nÅsa\n山田 Taro\n"), "letters"));
  EXPECT_FALSE(warns(read("client_id\nСара\nИванов\nПётр\n"), "letters"));
}

TEST_F(FileIdentifiers, F10IbansWithWrongCheckDigitsAreWarnedOf) {
  EXPECT_TRUE(warns(read("client_id\nNL92ABNA0417164300\n"),
                    "check digits are wrong (the first in row 2)"));
  EXPECT_FALSE(warns(read("client_id\nNL91ABNA0417164300\nJansen de Vries\n"), "check digits"));
}

TEST_F(FileIdentifiers, F21LongOnesAreRefusedWithTheirRow) {
  std::string marks = "a";
  for (int i = 0; i < 190'000; ++i) marks += "\u0301";
  EXPECT_NE(error_of("client_id\nK1\n" + marks + "\n")
                .find("row 3, column 'client_id': the identifier has 380001 bytes"),
            std::string::npos);
}

}  // namespace
}  // namespace polder
