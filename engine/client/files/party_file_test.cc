// Oracle: a plain map over lists written down by hand, built without the code under test.
#include "client/files/party_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "base/error.h"
#include "client/files/input_file.h"

namespace polder {
namespace {

class PartyFiles : public testing::Test {
 protected:
  PartyFiles() : folder_(testing::TempDir() + "/polder_party_" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~PartyFiles() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  /// The error of reading `text`, without the folder; "no error" if it is read.
  std::string error_of(const std::string& text, const PartyFileOptions& options) const {
    try {
      read_party_file(write("a.csv", text), options);
    } catch (const Error& error) {
      return std::string(error.what()).substr(folder_.size() + 1);
    }
    return "no error";
  }

  PartyFile read(const std::string& text, const PartyFileOptions& options) const {
    return read_party_file(write("a.csv", text), options);
  }

  const std::string folder_;
  const PartyFileOptions plain_{.flag = "flagged", .matching_key = {1, 2, 3}};
};

std::vector<std::string> spellings(const PartyFile& party) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < party.size(); ++i) all.emplace_back(party.identifiers.spellings[i]);
  return all;
}

TEST_F(PartyFiles, KeepsFirstSpellingAndOrderAndJoinsFlags) {
  const PartyFile party =
      read("name,client_id,flagged\nx,B 2,no\ny,a1,FALSE\nz,\" b  2\",Yes\nx,C3,1\ny,A1,0\nz,,1\n",
           plain_);
  EXPECT_EQ(spellings(party), (std::vector<std::string>{"B 2", "a1", "C3"}));
  EXPECT_EQ(party.flags, (std::vector<std::uint8_t>{1, 0, 1}));
  EXPECT_EQ(party.identifiers.key, (std::vector<std::string>{"client_id"}));
  EXPECT_EQ(party.rows, 6U);
  EXPECT_EQ(party.duplicate_rows, 2U);
  EXPECT_EQ(party.empty_rows, 1U);
  EXPECT_EQ(party.hashes.size(), 6U);
}

// F2: nobody guesses which of several columns says who a client is.
TEST_F(PartyFiles, TheOnlyColumnIsTheKeyAndOfSeveralOnlyClientId) {
  EXPECT_EQ(read("iban\nNL91 ABNA 0417 1643 00\n", {}).identifiers.key,
            (std::vector<std::string>{"iban"}));
  EXPECT_EQ(read("nr; Client_ID ;flagged\n17;K1;1\n", plain_).identifiers.key,
            (std::vector<std::string>{"Client_ID"}));
  EXPECT_EQ(spellings(read("\xEF\xBB\xBF\xEF\xBB\xBF"
                           "client_id,nr\nK1,17\n",
                           {})),
            (std::vector<std::string>{"K1"}));
  EXPECT_EQ(
      error_of("iban,flagged\nNL91ABNA0417164300,0\n", plain_),
      "a.csv: row 1: none of the columns is called client_id, so it is not clear which one says "
      "who a client is; the columns are 'iban', 'flagged'; say which with --id COL");
  EXPECT_EQ(error_of("client_id,CLIENT_ID\n1,2\n", {}),
            "a.csv: the header names column 'client_id' twice; rename or remove one");
}

// F3: a header that is a client, a client that is a header.
TEST_F(PartyFiles, AHeaderThatIsDataIsRefused) {
  EXPECT_EQ(
      error_of("NL91ABNA0417164300\nDE89370400440532013000\n", {}),
      "a.csv: row 1, column 1: what should be the name of the key column is an IBAN; the first "
      "row must name the columns");
  EXPECT_EQ(
      error_of("1001\n1002\n", {}),
      "a.csv: row 1, column 1: what should be the name of the key column is a number; the first "
      "row must name the columns");
  const std::string form =
      "a.csv: the name of the only column has the form of the values below it, so it may be a "
      "client; the first row must name the columns (or say --id with that name)";
  EXPECT_EQ(error_of("K2\nK3\n", {}), form);
  EXPECT_EQ(error_of("ann@bank.nl\nbob@bank.nl\n", {}), form);
  EXPECT_EQ(error_of("1970-01-02\n1980-01-02\n", {}).substr(0, 22), "a.csv: row 1, column 1");
  EXPECT_EQ(error_of("K2,fraud\nK3,fraud\n", {}).substr(0, 29), "a.csv: row 1: none of the col");
  EXPECT_EQ(error_of("klant\nJansen\nSmit\n", {}), "no error");
}

TEST_F(PartyFiles, ADataRowThatIsTheHeaderIsRefused) {
  EXPECT_EQ(
      error_of("client_id,flagged\nK1,1\n Client_ID,flagged\nK2,0\n", plain_),
      "a.csv: row 3 repeats the header; were files joined? Remove that row, and look for others");
  EXPECT_EQ(error_of("name,born\nname,1970-01-01\n", {.key = {"name", "born"}}), "no error")
      << "somebody may be called so";
}

TEST_F(PartyFiles, LinesAboveTheHeaderAreNotTakenForIt) {
  const std::string remedy = ": remove the lines above it, or say --header-row 2";
  for (const char* text :
       {"Bank A, clients\nclient_id,branch\nK1,1\n", "# export\nclient_id\nK1\n",
        "Export;;;\nclient_id;flagged;;\nK1;0;;\n", "Bank A\n\"client_id\"\nK1\n"}) {
    EXPECT_NE(error_of(text, {}).find("row 2 looks like the header" + remedy), std::string::npos)
        << error_of(text, {});
    EXPECT_EQ(spellings(read(text, {.header_row = 2})), (std::vector<std::string>{"K1"})) << text;
  }
  EXPECT_NE(error_of("Bank,A\n;\nrekening;vlag\nK1;0\n", {.key = {"rekening"}}).find("row 3 looks"),
            std::string::npos);
}

TEST_F(PartyFiles, HowAFileIsReadIsSaid) {
  const PartyFile party = read("\xEF\xBB\xBFsep=|\nclient_id|flagged\nK1|1\n|\nk1|0\n", plain_);
  EXPECT_EQ(party.reading.encoding, "UTF-8 with byte order mark");
  EXPECT_EQ(party.reading.delimiter, '|');
  EXPECT_EQ(party.reading.header_row, 2u);
  EXPECT_EQ(party.reading.blank_rows, 1u);
  EXPECT_EQ(party.rows, 2u);
  EXPECT_EQ(party.duplicate_rows, 1u);
  EXPECT_EQ(party.respelled_rows, 1u);
}

// F11: no sum over such cells of 64 parties leaves 64 bits.
TEST_F(PartyFiles, NumbersThatCouldNotBeAddedUpAreRefusedAtTheirCell) {
  const PartyFileOptions options{.attribute = "score"};
  const std::string most = std::to_string(largest_attribute);
  EXPECT_EQ(read("client_id,score\na,-" + most + "\n", options).attributes[0],
            static_cast<std::uint64_t>(-largest_attribute));
  const std::string error =
      "a.csv: row 2, column 'score': larger than 4398046511104 (2^42), the most that can be "
      "added "
      "up; write it in a larger unit";
  EXPECT_EQ(error_of("client_id,score\na,4398046511105\n", options), error);
  EXPECT_EQ(error_of("client_id,score\na,-9223372036854775808\n", options), error);
  std::string text = "client_id,score\n";
  for (int i = 0; i < (1 << 15); ++i)
    text += "K" + std::to_string(i) + (i % 2 ? ",-" : ",") + most + "\n";
  EXPECT_NE(error_of(text, options).find("row 32769, column 'score': with it the column's numbers"),
            std::string::npos);
  EXPECT_LT(largest_total, (std::uint64_t{1} << 63) / 64) << "of 64 parties";
}

TEST_F(PartyFiles, SeveralColumnsAreOneKey) {
  PartyFileOptions options{.key = {"last", "born"}, .matching_key = {}};
  const PartyFile party = read("born,last\n1,ab\n1b,a\n1,\"A, b\"\n1, AB \n,ab\n,\n", options);
  EXPECT_EQ(spellings(party), (std::vector<std::string>{"ab,1", "a,1b", "\"A, b\",1"}));
  EXPECT_EQ(party.empty_rows, 1U) << "a part of a key is no client";
  EXPECT_EQ(party.reading.blank_rows, 1U);
  EXPECT_TRUE(party.flags.empty());
}

TEST_F(PartyFiles, EqualIdentifiersHashEquallyAcrossFilesAndOnlyUnderOneKey) {
  const PartyFileOptions other{.matching_key = {9}};
  const PartyFile a = read("client_id\nJan de Vries\n", {.matching_key = {1}});
  const PartyFile b =
      read("x,client_id\n1,other\n2,JAN  DE VRIES\n", {.key = {"client_id"}, .matching_key = {1}});
  const PartyFile c = read("client_id\nJan de Vries\n", other);
  EXPECT_EQ(a.hashes[0], b.hashes[2]);
  EXPECT_EQ(a.hashes[1], b.hashes[3]);
  EXPECT_NE(a.hashes[0], b.hashes[0]);
  EXPECT_NE(a.hashes[0], c.hashes[0]);
}

TEST_F(PartyFiles, AttributesAreSignedWholeNumbers) {
  PartyFileOptions options{.attribute = "score", .matching_key = {}};
  options.key = {"id"};
  const PartyFile party = read("id,score\na,-5\nb, 900719925474\na,-5\n", options);
  EXPECT_EQ(party.attributes, (std::vector<std::uint64_t>{~std::uint64_t{4}, 900719925474}));
  EXPECT_EQ(error_of("id,score\na,1.5\n", options),
            "a.csv: row 2, column 'score': not a whole number of at most 64 bits");
  EXPECT_EQ(error_of("id,score\na,9223372036854775808\n", options),
            "a.csv: row 2, column 'score': not a whole number of at most 64 bits");
  EXPECT_EQ(
      error_of("id,score\na,1\nA,2\n", options),
      "a.csv: row 3, column 'score': differs from an earlier row of the same identifier; keep "
      "one of them");
}

TEST_F(PartyFiles, ReportsOfOneIdentifierFollowOneAnotherEachOnce) {
  const PartyFile party =
      read("id,why\nA,fraud\nB,\na,mule\nA ,fraud\nC,\"x; y\"\nC,x\nC,raud\nA,mul\nA,\n",
           {.key = {"id"}, .report = "why", .matching_key = {1}});
  EXPECT_EQ(party.reports, (std::vector<std::string>{"fraud; mule; mul", "", "x; y; raud"}));
  EXPECT_EQ(party.duplicate_rows, 6u);
}

TEST_F(PartyFiles, AReportHasABoundThatItsRowIsRefusedBy) {
  const PartyFileOptions options{.key = {"id"}, .report = "why", .matching_key = {1}};
  const std::string longest(max_report_bytes, 'x');
  EXPECT_EQ(read("id,why\nA," + longest + "\n", options).reports[0], longest);
  const std::string error = error_of("id,why\nB,ok\nA," + longest + "x\n", options);
  EXPECT_EQ(error,
            "a.csv: row 3, column 'why': the report of this identifier is longer than 512 bytes; "
            "shorten it");
}

TEST_F(PartyFiles, AHeaderAloneIsAPartyWithoutClients) {
  EXPECT_EQ(read("client_id,flagged\n", plain_).size(), 0U);
}

TEST_F(PartyFiles, BadInputNamesRowAndColumnButNoValue) {
  EXPECT_EQ(error_of("client_id,flagged\na,1\nb,maybe\n", plain_),
            "a.csv: row 3, column 'flagged': not a flag; write 1 or 0, true or false, yes or no");
  EXPECT_EQ(error_of("client_id,flagged\na,\n", plain_),
            "a.csv: row 2, column 'flagged': not a flag; write 1 or 0, true or false, yes or no");
  EXPECT_EQ(error_of("client_id,flag\na,1\n", plain_),
            "a.csv: there is no column 'flagged'; the columns are 'client_id', 'flag'");
  PartyFileOptions strict = plain_;
  strict.empty = EmptyIdentifiers::refuse;
  EXPECT_EQ(
      error_of("client_id,flagged\na,1\n\u00A0 ,0\n", strict),
      "a.csv: row 3, column 'client_id': the identifier is empty; fill it in, or read the file "
      "without --strict to leave such rows out");
  EXPECT_EQ(error_of("client_id,flagged\na,1\n", {.key = {"iban"}, .matching_key = {}}),
            "a.csv: there is no column 'iban'; the columns are 'client_id', 'flagged'");
  EXPECT_EQ(
      error_of("client_id,flagged\n", {.key = {"client_id", "client_id"}, .matching_key = {}}),
      "a.csv: the key names column 'client_id' twice; name each column once");
}

TEST_F(PartyFiles, FilesThatCannotBeReadSaySo) {
  const auto error = [&](const std::string& path) {
    try {
      read_party_file(path, plain_);
    } catch (const Error& caught) {
      return std::string(caught.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(error(folder_ + "/none.csv"),
            folder_ + "/none.csv: there is no such file; check the path");
  EXPECT_EQ(error(folder_), folder_ + ": is a folder; name the CSV file in it");
  const std::string pipe = folder_ + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(error(pipe), pipe + ": is not a regular file; save the data to a file first");
}

TEST_F(PartyFiles, AFileThatChangesWhileReadIsRefused) {
  const std::string text = "client_id,flagged\n" + std::string(1'000'000, '\n');
  const std::string message =
      ": the file changed while it was read; nothing was used, try again when it is complete";
  const auto changed_by = [&](auto change) {
    const std::string path = write("b.csv", text);
    bool once = false;
    try {
      read_input_file(path, {.bytes =
                                 [&](auto) {
                                   if (!std::exchange(once, true)) change(path);
                                 },
                             .progress = {}});
    } catch (const Error& error) {
      return std::string(error.what()) == path + message;
    }
    return false;
  };
  EXPECT_TRUE(
      changed_by([](const std::string& path) { std::ofstream(path, std::ios::app) << "x,1\n"; }));
  EXPECT_TRUE(changed_by([](const std::string& path) { std::filesystem::resize_file(path, 10); }));
  EXPECT_TRUE(changed_by(
      [&](const std::string& path) { std::filesystem::rename(write("c.csv", text), path); }));
  EXPECT_TRUE(changed_by([](const std::string& path) { std::filesystem::remove(path); }));
  EXPECT_TRUE(changed_by([](const std::string& path) {  // same size and time, other bytes
    struct stat before {};
    ASSERT_EQ(::stat(path.c_str(), &before), 0);
    std::fstream file(path, std::ios::in | std::ios::out);
    file.seekp(3) << 'X';
    file.close();
    const timespec times[] = {before.st_atim, before.st_mtim};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }));
  EXPECT_FALSE(changed_by([](const std::string&) {}));
}

TEST_F(PartyFiles, ManyRandomRowsAgreeWithAPlainMap) {
  std::mt19937_64 random(7);
  std::string text = "client_id,flagged\n";
  std::vector<std::string> order;
  std::map<std::string, bool> flagged;
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = "C" + std::to_string(random() % 6000);
    const bool flag = random() % 10 == 0;
    text += (random() % 2 ? id : "c" + id.substr(1) + " ") + (flag ? ",1\n" : ",0\n");
    if (!flagged.contains(id)) order.push_back(id);
    flagged[id] |= flag;
  }
  const PartyFile party = read(text, plain_);
  ASSERT_EQ(party.size(), order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(std::stoi(std::string(party.identifiers.spellings[i].substr(1))),
              std::stoi(order[i].substr(1)));
    EXPECT_EQ(party.flags[i], flagged[order[i]]);
  }
}

}  // namespace
}  // namespace polder
