#include "base/json_text.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_fields.h"

namespace polder {
namespace {

std::string respelled(std::string_view text) { return json_text(parse_json(text, "test")); }

std::string refusal(std::string_view text, JsonLimits limits = {}) {
  try {
    parse_json(text, "test", limits);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_input);
    return error.what();
  }
  return "";
}

TEST(JsonText, HasOneSpelling) {
  EXPECT_EQ(respelled(" { \"b\" : [ 1 , -2, true,null ],\n\"a\":\"\\u0041\\/\\u00e9\\n\" } "),
            "{\"a\":\"A/é\\n\",\"b\":[1,-2,true,null]}");
  EXPECT_EQ(respelled("\"\\u0001\\u001f\\u007f\""), "\"\\u0001\\u001f\x7f\"");
  EXPECT_EQ(respelled("9007199254740991"), "9007199254740991");
  EXPECT_EQ(respelled("{\"Z\":0,\"a\":0,\"é\":0,\"\":0}"), "{\"\":0,\"Z\":0,\"a\":0,\"é\":0}");
}

TEST(JsonText, RefusesWhatHasNoOneMeaning) {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "[1,]",
                                      "{\"a\":1,}",
                                      "[01]",
                                      "nul",
                                      "[1] 2",
                                      "'a'",
                                      "NaN",
                                      "Infinity",
                                      "[1.0]",
                                      "[1e2]",
                                      "[-0]",
                                      "[9007199254740992]",
                                      "[-9007199254740992]",
                                      "[18446744073709551616]",
                                      "{\"a\":1,\"a\":1}",
                                      "{\"a\":1,\"\\u0061\":2}",
                                      "\"\xff\"",
                                      "\"\xc0\xaf\"",
                                      "\"\xed\xa0\x80\"",
                                      "\"\\ud800\"",
                                      "\"\x01\"",
                                      "// a\n1",
                                      "{1:2}"}) {
    EXPECT_NE(refusal(text), "") << text;
  }
  EXPECT_NE(refusal(std::string_view("1\0", 2)), "");
}

TEST(JsonText, KeepsItsLimits) {
  const std::string deep = std::string(16, '[') + std::string(16, ']');
  EXPECT_EQ(refusal(deep), "");
  EXPECT_NE(refusal("[" + deep + "]"), "");
  EXPECT_NE(refusal(std::string(1'000'000, '[')), "");
  EXPECT_NE(refusal("[1,2]", {.bytes = 4}), "");
  EXPECT_EQ(refusal("[1,2]", {.values = 3}), "");
  EXPECT_NE(refusal("[1,2]", {.values = 2}), "");
}

TEST(JsonFields, AreReadStrictly) {
  const Json value = parse_json("{\"n\":3,\"name\":\"x\",\"list\":[],\"more\":1}", "test");
  JsonFields fields(value, "thing");
  EXPECT_EQ(fields.integer("n", 0, 3), 3);
  EXPECT_EQ(fields.text("name"), "x");
  EXPECT_TRUE(fields.list("list").empty());
  EXPECT_EQ(fields.find("other"), nullptr);
  EXPECT_THROW(fields.integer("n", 0, 2), Error);
  EXPECT_THROW(fields.text("n"), Error);
  EXPECT_THROW(fields.at("other"), Error);
  EXPECT_THROW(fields.done(), Error);
  EXPECT_EQ(fields.find("more") != nullptr, true);
  EXPECT_NO_THROW(fields.done());
  EXPECT_THROW(JsonFields(Json(1), "thing"), Error);
}

TEST(JsonFields, DecimalStringsHaveOneSpelling) {
  EXPECT_EQ(decimal_integer("-9223372036854775808", "x"), INT64_MIN);
  EXPECT_EQ(decimal_integer("0", "x"), 0);
  for (const char* text : {"", "-0", "+1", "01", " 1", "1 ", "1.0", "9223372036854775808", "0x1"})
    EXPECT_THROW(decimal_integer(text, "x"), Error) << text;
  EXPECT_THROW(decimal_integer(1, "x"), Error);
}

}  // namespace
}  // namespace polder
