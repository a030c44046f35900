// Oracle: the identifiers of each input, written down by hand.
#include "client/queries.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace polder {
namespace {

using Lines = std::vector<std::string>;
const std::vector<KeyColumn> one{{.name = "iban"}};
const std::vector<KeyColumn> two{{.name = "name"}, {.name = "born"}};

std::string error_of(std::string_view input) {
  try {
    queries_in(input, one);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_input);
    return error.what();
  }
  return "no error";
}

// F13: an input is read like a file.
TEST(Queries, AreLinesWithoutWhatIsNoIdentifier) {
  for (const char* text :
       {"K1\nK2\n", "K1\r\nK2\r\n\r\n", "\xEF\xBB\xBFK1\n\n  \nK2", "iban\nK1\nK2\n",
        "\xEF\xBB\xBF IBAN \r\nK1\r\nK2\x1A", "client_id\nK1\nK2\n",
        "sep=;\niban;name\nK1;Jan\nK2;\"Piet; jr\"\n", "nr,iban\n1,K1\n2,K2\n"}) {
    EXPECT_EQ(queries_in(text, one), (Lines{"K1", "K2"})) << text;
  }
  EXPECT_EQ(queries_in("Jansen, P\n\"Smit, Q\"\n", one), (Lines{"Jansen, P", "\"Smit, Q\""}));
}

TEST(Queries, OfSeveralColumnsAreInTheKeysOrder) {
  EXPECT_EQ(queries_in("born;name\n1970-01-02;\"Smit, J\"\n", two),
            (Lines{"\"Smit, J\",1970-01-02"}));
  EXPECT_EQ(queries_in("\"Smit, J\",1970-01-02\n", two), (Lines{"\"Smit, J\",1970-01-02"}));
}

TEST(Queries, CellsAreWithoutTheirQuotes) {
  EXPECT_EQ(query_cells("\"Smit, J\"", 1), (Lines{"Smit, J"}));
  EXPECT_EQ(query_cells("Smit, J", 1), (Lines{"Smit, J"}));
  EXPECT_EQ(query_cells("\"Smit, J\",1970", 2), (Lines{"Smit, J", "1970"}));
  EXPECT_EQ(query_cells("Smit;1970", 2), (Lines{"Smit", "1970"}));
}

TEST(Queries, ThatAreNoTextAreRefusedWithTheirLine) {
  EXPECT_EQ(error_of("K1\nM\xFCller\nK2\n").substr(0, 36), "line 2 of the input is not UTF-8 but");
  EXPECT_EQ(error_of("K1\n\xE2\x82").substr(0, 32), "line 2 of the input is not UTF-8");
  EXPECT_EQ(error_of("\n \n"), "the input has no line; write one identifier on each");
  EXPECT_EQ(error_of("PK\x03\x04 clients.csv").substr(0, 28), "the input: is a zip archive;");
}

}  // namespace
}  // namespace polder
