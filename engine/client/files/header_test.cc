// Oracle: names written down by hand.
#include "client/files/header.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace polder {
namespace {

using Names = std::vector<std::string>;

std::string error_of(const Names& names, std::string_view column) {
  try {
    column_position(names, column, "f.csv");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_schema);
    return error.what();
  }
  return "no error";
}

TEST(Header, NamesAreComparedAsPeopleMeanThem) {
  for (const char* name : {"client_id", "Client_ID", " CLIENT_ID\u00A0", "\uFEFFclient_id",
                           "client\u200B_id", "ｃｌｉｅｎｔ＿ｉｄ"}) {
    EXPECT_EQ(column_position({"nr", name}, "client_id", "f.csv"), 1u) << name;
    EXPECT_EQ(column_position({"nr", "client_id"}, name, "f.csv"), 1u) << name;
  }
  EXPECT_EQ(column_position({"STRASSE"}, "straße", "f.csv"), 0u);
}

TEST(Header, AMissingColumnListsThoseThatHaveAName) {
  EXPECT_EQ(error_of({"id", "", "flagged"}, "client_id"),
            "f.csv: there is no column 'client_id'; the columns are 'id', 'flagged'");
}

TEST(Header, OnlyAColumnThatIsUsedMustBeNamedOnce) {
  EXPECT_EQ(column_position({"note", "id", "Note"}, "id", "f.csv"), 1u);
  EXPECT_EQ(error_of({"note", "id", "Note "}, "note"),
            "f.csv: the header names column 'note' twice; rename or remove one");
}

TEST(Header, ShownNamesHaveNothingUnseenAround) {
  EXPECT_EQ(shown_name("\uFEFF \u200Bclient id\t\u202C"), "client id");
  EXPECT_EQ(shown_name("\u200B"), "");
}

}  // namespace
}  // namespace polder
