// Oracle: hashes of a register that was read from a file, texts written down by hand.
#include "client/lookup.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "client/files/prepared_table.h"

namespace polder {
namespace {

const MatchingKey key{7, 8, 9};
const QueryForm form{.matching_key = key, .key = {{.name = "id"}}};
const QueryForm form_of_two{.matching_key = key, .key = {{.name = "name"}, {.name = "born"}}};

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

Words read_hashes(const std::string& text, const std::vector<std::string>& columns) {
  const std::string path = testing::TempDir() + "/lookup_" + std::to_string(::getpid()) + ".csv";
  std::ofstream(path, std::ios::binary) << text;
  const PartyFile file = read_party_file(path, {.key = columns, .matching_key = key});
  std::filesystem::remove(path);
  return file.hashes;
}

TEST(LookupQueries, AreHashedAsTheRegisterIs) {
  EXPECT_EQ(hashed_queries(form, {"nl91abna0417164300", " ZOE\u0308 ", "a,b"}),
            read_hashes("id\nNL91 ABNA 0417 1643 00\nzoë\n\"A,B\"\n", {"id"}));
  EXPECT_EQ(hashed_queries(form_of_two, {"\"smit, j\",1970", "x,y", "A,A"}),
            read_hashes("name,born\n\"Smit, J\",1970\nX,Y\na,a\n", {"name", "born"}));
}

TEST(LookupQueries, AreRefusedEmptyOrOfAnotherKey) {
  for (const std::string& empty : std::vector<std::string>{"", " ", "\u3000"}) {
    EXPECT_EQ(error_of([&] {
                hashed_queries(form, {"a", empty});
              }),
              "identifier 2 to look up, 'id': it is empty; write what to look up");
  }
  for (const char* const wrong : {",", "", "a", "a,b,c", "a\nb,c", "a,", "a,NULL", "a,4.6E+17"})
    EXPECT_NE(error_of([&] { hashed_queries(form_of_two, {wrong}); }), "no error") << wrong;
}

TEST(LookupQueries, F9TakeTheRegistersOwnKindsAndOrder) {
  const std::string born = "name,born\nJansen,01-02-1980\n";
  const std::vector<std::string> columns{"name", "born:date"};
  const QueryForm own{.matching_key = key,
                      .key = {{.name = "name"}, {.name = "born", .kind = "date"}}};
  EXPECT_EQ(hashed_queries(own, {"JANSEN,1980-2-1"}), read_hashes(born, columns));
  QueryForm turned = own;
  turned.written = {"born", "name"};
  EXPECT_EQ(hashed_queries(turned, {"1980-2-1,Jansen"}), read_hashes(born, columns));
  for (const std::vector<std::string>& written : std::vector<std::vector<std::string>>{
           {"born"}, {"born", "name", "x"}, {"born:text", "name"}, {"born", "born"}}) {
    turned.written = written;
    EXPECT_EQ(error_of([&] { hashed_queries(turned, {"1980-2-1,Jansen"}); }),
              "the register's key is 'name' (text 1), 'born' (date 1); name these columns in the "
              "order in which you write them, or leave --id out");
  }
}

TEST(LookupQueries, OfAnotherNormalFormAreRefused) {
  const QueryForm later{.key = {{.name = "id", .kind = "text", .version = 99}}};
  EXPECT_NE(error_of([&] { hashed_queries(later, {"a"}); }).find("another version of Polder"),
            std::string::npos);
}

/// A report as it travels.
std::vector<std::uint8_t> padded(const std::string& bytes) {
  std::vector<std::uint8_t> all(bytes.begin(), bytes.end());
  all.resize(64, 0);
  return all;
}

TEST(LookupReports, ComeBackAsTheyWereWritten) {
  for (const std::string& text :
       {std::string(), std::string("é; two\nlines"), std::string(64, 'x')})
    EXPECT_EQ(report_text(padded(text)), text);
  EXPECT_EQ(report_text({}), "");
}

TEST(LookupReports, ThatAreNoTextAreTheOwnersLie) {
  for (const std::string& lie :
       {std::string("a\0b", 3), std::string("\xff"), std::string("a\xc3")}) {
    EXPECT_NE(error_of([&] { report_text(padded(lie)); }).find("is no text"), std::string::npos);
  }
}

TEST(LookupReports, TellNoMoreOfTheirLengthThanSteps) {
  const auto width = [](std::size_t longest) {
    PartyFile file;
    file.report = "why";
    file.reports = {std::string(longest, 'x'), "y"};
    file.hashes = {1, 2, 3, 4};
    const PreparedTable table =
        prepare_table(file, {.name = "r", .owner = "o"}, TableSecrets::random(), 0);
    return table.manifest.columns[1].width;
  };
  EXPECT_EQ(width(0), 256);
  EXPECT_EQ(width(32), 256);
  EXPECT_EQ(width(33), 512);
  EXPECT_EQ(width(max_report_bytes), 4096);
}

TEST(Lookups, TakeOneToSixtyFourIdentifiers) {
  const auto made = [](std::size_t count) {
    return error_of([&] {
      Network network;
      network.matching_key.resize(32);
      Lookup(network, {.identifiers = std::vector<std::string>(count, "a"),
                       .incidents = "register.csv",
                       .requester = "bank"});
    });
  };
  EXPECT_EQ(made(0), "0 identifiers to look up; one look-up takes 1 to 64");
  EXPECT_EQ(made(1), "no error");
  EXPECT_EQ(made(64), "no error");
  EXPECT_EQ(made(65), "65 identifiers to look up; one look-up takes 1 to 64");
}

}  // namespace
}  // namespace polder
