#include "peer/toml.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "net/testing/test_support.h"

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
  EXPECT_EQ(as_json("[a]\nyes = true\nlist = [1, 'x']"), R"({"a":{"list":[1,"x"],"yes":true}})");
}

TEST(Toml, TextsComeBack) {
  for (const std::string text : {"", "a", "\"", "\\", "\\\"", "株式会社", "a\tb", "a\nb", "it's"}) {
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

TEST(Toml, DepthIsBounded) {
  expect_error(thrown_by([] { parse_toml("a = " + std::string(100'000, '['), "it"); }),
               Code::bad_input, "it, line 1: ");
}

INSTANTIATE_TEST_SUITE_P(
    Toml, WrongToml,
    ::testing::Values(Wrong{"no_key", "\n= 1", "it, line 2: "},
                      Wrong{"dotted", "a. = 1", "line 1: "}, Wrong{"ends", "\n\na", "line 3: "},
                      Wrong{"no_value", "a =", "line 1: "},
                      Wrong{"huge", "a = 9223372036854775808", "not representable in 64 bits"},
                      Wrong{"fraction", "a = 1.5",
                            "line 1: 'a' is no text, whole number, yes or no, list or table"},
                      Wrong{"time", "a = 1\nb = 1979-05-27", "line 2: 'b' is no text"},
                      Wrong{"two", "a = 1 b = 2", "line 1: "},
                      Wrong{"twice", "a = 1\na = 2",
                            "line 2: Error while parsing key-value pair: "
                            "cannot redefine existing integer 'a'"},
                      Wrong{"open", "a = \"x\nb = 1", "line 1: "},
                      Wrong{"long_open", "a = \"\"\"x\n\n", "line 2: "},
                      Wrong{"escape_end", "a = \"\\", "line 1: "},
                      Wrong{"control", "a = \"\x01\"", "unescaped control characters"},
                      Wrong{"no_text", "a = \"\xff\"", "invalid utf-8"},
                      Wrong{"odd_key", "\"a\\u001b\" = 1.5", "line 1: 'a?' is no text"},
                      Wrong{"table_open", "[[a]", "line 1: "},
                      Wrong{"table_value", "a = 1\n[[a]]", "line 2: "}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace polder
