#include "peer/toml.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "net/test_support.h"

namespace polder {
namespace {

using testing::expect_error;
using testing::thrown_by;

std::string as_json(std::string_view text) {
  return boost::json::serialize(parse_toml(text, "it"));
}

TEST(Toml, IsReadAsTheStandardSays) {
  EXPECT_EQ(as_json(""), "{}");
  EXPECT_EQ(as_json("# only a remark"), "{}");
  EXPECT_EQ(as_json("a = 1\n  b=-2 # behind\n\n"), R"({"a":1,"b":-2})");
  EXPECT_EQ(as_json("a = \"x # y\"\r\nb = \"\\\"\\\\\"\r\n"), R"({"a":"x # y","b":"\"\\"})");
  EXPECT_EQ(as_json("t = \"\"\"\none\ntwo\n\"\"\"\nu = 1"), R"({"t":"one\ntwo\n","u":1})");
  EXPECT_EQ(as_json("t = \"\"\"\"\"\""), R"({"t":""})");
  EXPECT_EQ(as_json("[[b]]\nn = 1\n[[b]]\nn = 2\n[[c]]"), R"({"b":[{"n":1},{"n":2}],"c":[{}]})");
}

TEST(Toml, TextsComeBack) {
  for (const std::string text : {"", "a", "\"", "\\", "\\\"", "株式会社", "a\tb"}) {
    const auto object = parse_toml("t = " + toml_text(text), "it");
    EXPECT_EQ(std::string_view(object.at("t").as_string()), text);
  }
}

struct Wrong {
  const char* name;
  const char* text;
  const char* why;
};

class WrongToml : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongToml, IsRefusedWithItsLine) {
  expect_error(thrown_by([] { parse_toml(GetParam().text, "it"); }), Code::bad_input,
               GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Toml, WrongToml,
    ::testing::Values(Wrong{"no_key", "\n= 1", "it, line 2: a key"},
                      Wrong{"dotted", "a. = 1", "line 1: '=' is due"},
                      Wrong{"ends", "a", "line 1: '=' is due"},
                      Wrong{"no_value", "a =", "line 1: a text in double quotes or a whole number"},
                      Wrong{"huge", "a = 9223372036854775808", "a whole number is due"},
                      Wrong{"fraction", "a = 1.5", "nothing behind"},
                      Wrong{"two", "a = 1 b = 2", "nothing behind"},
                      Wrong{"twice", "a = 1\na = 2", "line 2: this key was there before"},
                      Wrong{"open", "a = \"x\nb = 1", "line 1: a text has no end"},
                      Wrong{"long_open", "a = \"\"\"x\n\n", "line 3: a long text has no end"},
                      Wrong{"escape", "a = \"\\u0041\"", "of escapes only"},
                      Wrong{"escape_end", "a = \"\\", "of escapes only"},
                      Wrong{"control", "a = \"\x01\"", "a text has no end"},
                      Wrong{"table", "[a]", "a key of letters"},
                      Wrong{"table_open", "[[a]", "']]' is due"},
                      Wrong{"table_value", "a = 1\n[[a]]", "that of a value already"}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace polder
