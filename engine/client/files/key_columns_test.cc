// Oracle: the columns of each file, written down by hand.
#include "client/files/key_columns.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace polder {
namespace {

using Keys = std::vector<std::vector<std::string>>;

template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(KeyColumns, AreOfAllFilesOrOfOneEach) {
  const std::vector<std::string> files{"x/a.csv", "b.csv"};
  EXPECT_EQ(key_columns({}, files), (Keys{{}, {}}));
  EXPECT_EQ(key_columns({"iban"}, files), (Keys{{"iban"}, {"iban"}}));
  EXPECT_EQ(key_columns({"a.csv:iban", "b.csv:account"}, files), (Keys{{"iban"}, {"account"}}));
  EXPECT_EQ(key_columns({"a:iban:iban", "b:account:text"}, files),
            (Keys{{"iban:iban"}, {"account:text"}}));
  EXPECT_EQ(key_columns({"x/a.csv:name", "born:date", "b.csv:naam", "gebdat"}, files),
            (Keys{{"name", "born:date"}, {"naam", "gebdat"}}));
  EXPECT_EQ(key_columns({"time: of day"}, files), (Keys{{"time: of day"}, {"time: of day"}}));
}

TEST(KeyColumns, OfSomeFilesOnlyAreRefused) {
  const std::vector<std::string> files{"a.csv", "b.csv"};
  EXPECT_EQ(error_of([&] { key_columns({"a.csv:iban"}, files); }),
            "--id names no column of b.csv; name one for each file: --id b.csv:COL");
  EXPECT_EQ(error_of([&] {
              key_columns({"iban", "b.csv:account"}, files);
            }),
            "--id names columns of all files and one of b.csv; name a file for each column");
}

TEST(KeyColumns, OfDifferentNumbersNamesOrKindsDoNotAgree) {
  const KeyOf one{.file = "a.csv", .columns = {{.name = "iban"}}};
  const KeyOf same{.file = "b.csv", .columns = {{.name = " IBAN"}}};
  const KeyOf other{.file = "b.csv", .columns = {{.name = "client_id"}}};
  const KeyOf two{.file = "b.csv", .columns = {{.name = "iban"}, {.name = "born"}}};
  const KeyOf kind{.file = "b.csv", .columns = {{.name = "iban", .kind = "iban"}}};
  const auto error = [&](const KeyOf& with, KeyNames names) {
    return error_of([&] { check_keys_agree({one, with}, names); });
  };
  EXPECT_EQ(error(same, KeyNames::must_agree), "no error");
  EXPECT_EQ(error(other, KeyNames::may_differ), "no error");
  EXPECT_EQ(error(other, KeyNames::must_agree),
            "a.csv is compared by 'iban', b.csv by 'client_id'; say which belong together: --id "
            "a.csv:COL,b.csv:COL");
  EXPECT_EQ(error(two, KeyNames::may_differ),
            "a.csv is compared by 'iban', b.csv by 'iban', 'born'; say which belong together: --id "
            "a.csv:COL,b.csv:COL");
  EXPECT_NE(error(kind, KeyNames::may_differ).find("other kinds never match"), std::string::npos);
  EXPECT_EQ(name_warnings({one, same}).size(), 0u);
  EXPECT_EQ(name_warnings({one, other}).size(), 1u);
}

}  // namespace
}  // namespace polder
