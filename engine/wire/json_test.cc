#include "base/json.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "wire/manifest.h"

namespace polder {
namespace {

void expect_refused(const std::string& text) {
  EXPECT_THROW(parse_manifest(parse_object(text, "manifest")), Error) << text;
}

constexpr const char* good =
    R"({"format":2,"name":"clients","owner":"A","rows":100,"columns":[)"
    R"({"name":"key","type":"hash128","kind":"bits","width":69},)"
    R"({"name":"risk","type":"integer","kind":"arith","width":64}],)"
    R"("data_bytes":1904,"hashes":[)"
    R"("0000000000000000000000000000000000000000000000000000000000000000",)"
    R"("1111111111111111111111111111111111111111111111111111111111111111",)"
    R"("2222222222222222222222222222222222222222222222222222222222222222"],"created":7,)"
    R"("serves":{"uses":["match"],"partners":["B"],"with":[],"threshold":2,"at_least":0,)"
    R"("rows_a_day":9,"session":"","until":0,"approval":false}})";

std::string with(std::string_view from, std::string_view to) {
  std::string text = good;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Canonical, HasOneTextForOneValue) {
  const auto a = parse_object(R"({ "b" : [1, true, null], "a":{"é":"x\u0041/\n"} })", "a");
  const auto b = parse_object("{\"a\":{\"\\u00e9\":\"xA\\/\\u000a\"},\"b\":[1,true,null]}", "b");
  EXPECT_EQ(canonical(a), "{\"a\":{\"é\":\"xA/\\n\"},\"b\":[1,true,null]}");
  EXPECT_EQ(canonical(a), canonical(b));
  EXPECT_THROW(canonical(parse_object(R"({"a":1.5})", "c")), Error);
}

TEST(Json, RefusesDepthLengthAndWhatIsNoObject) {
  std::string deep = R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}";
  EXPECT_THROW(parse_object(deep, "deep"), Error);
  EXPECT_THROW(parse_object("{}  {}", "two"), Error);
  EXPECT_THROW(parse_object("[]", "array"), Error);
  EXPECT_THROW(parse_object("", "nothing"), Error);
  EXPECT_THROW(parse_object(R"({"a":"12345"})", "long", 8), Error);
}

// W20: parsers differ in which of two equal names they take.
TEST(Json, RefusesANameTwiceInOneObject) {
  for (const char* text : {R"({"a":1,"a":2})", R"({"a":1,"\u0061":1})", R"({"x":{"b":1,"b":1}})",
                           R"({"x":[{"c":":","c":"\\\""}]})"}) {
    EXPECT_THROW(parse_object(text, "test"), Error) << text;
  }
  EXPECT_NO_THROW(parse_object(R"({"a:\":":"::\\","b":{"a:":[":",{"a":1}]}})", "test"));
}

TEST(Hex, HasOneSpelling) {
  check_hex("00ff10", 3, "x");
  for (const char* bad : {"", "00ff1", "00ff1g", "00FF10", "00ff1000", "00ff1 "}) {
    EXPECT_THROW(check_hex(bad, 3, "x"), Error) << bad;
  }
}

TEST(Names, AreUtf8WithoutControlCharacters) {
  for (const char* fine : {"A", "Bank één", "銀行", "😀", "a b"}) check_name(fine, "x");
  for (const std::string bad : {"", "a\nb", "\x7f", "\xc2\x85", "\xff", "\xc0\x80", "\xed\xa0\x80",
                                "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_THROW(check_name(bad, "x"), Error);
  }
  EXPECT_THROW(check_name(std::string(129, 'a'), "x"), Error);
  EXPECT_THROW(check_name(std::string("a\0b", 3), "x"), Error);
}

TEST(Manifest, ReadsBackWhatItWrites) {
  const Manifest manifest = parse_manifest(parse_object(good, "manifest"));
  EXPECT_EQ(manifest.rows, 100u);
  EXPECT_EQ(manifest.columns.size(), 2u);
  EXPECT_EQ(column_bytes(manifest.columns[0], 100), 2 * 69 * 8u);
  const std::string text = canonical(manifest);
  EXPECT_EQ(canonical(parse_manifest(parse_object(text, "manifest"))), text);
}

TEST(Manifest, F9SaysWhatIdentifiersWereMadeOf) {
  Manifest manifest = parse_manifest(parse_object(good, "manifest"));
  manifest.key = {{.name = "Name, first"}, {.name = "born", .kind = "date", .version = 3}};
  const Manifest read = parse_manifest(parse_object(canonical(manifest), "manifest"));
  EXPECT_EQ(read.key, manifest.key);
  expect_refused(with("\"rows\"", R"("key":["born"],"rows")"));
  expect_refused(with("\"rows\"", R"("key":[{"name":"born","kind":"date"}],"rows")"));
  expect_refused(with("\"rows\"", R"("key":[{"name":"","kind":"text","version":1}],"rows")"));
  expect_refused(with("\"rows\"", R"("key":[{"name":"a","kind":"text","version":0}],"rows")"));
}

TEST(KeyColumns, OfTheSameKindsAndVersionsAreComparable) {
  const KeyColumn name{.name = "name"}, other{.name = "naam"};
  const KeyColumn born{.name = "born", .kind = "date"}, later{.name = "name", .version = 2};
  EXPECT_TRUE(comparable({name, born}, {other, born}));
  EXPECT_FALSE(comparable({name}, {name, born}));
  EXPECT_FALSE(comparable({name, born}, {born, name}));
  EXPECT_FALSE(comparable({name}, {later}));
  EXPECT_EQ(shown({name, born}), "'name' (text 1), 'born' (date 1)");
}

TEST(Manifest, ARowMayHaveSeveralNumbers) {
  const ColumnSpec reports{"why", "report", ColumnSpec::Kind::arith, 512};
  EXPECT_EQ(column_bytes(reports, 100), 100 * 64u);
  std::string text = with("\"width\":64", "\"width\":512");
  text.replace(text.find("1904"), 4, std::to_string(2 * 69 * 8 + 100 * 64));
  EXPECT_EQ(parse_manifest(parse_object(text, "manifest")).columns[1].width, 512);
}

TEST(Manifest, OfAnOlderVersionSaysToUploadAgain) {
  try {
    parse_manifest(parse_object(
        R"({"format":1,"name":"clients","owner":"A","rows":0,"columns":[],"data_bytes":0,)"
        R"("data_hash":"","created":7})",
        "manifest"));
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_schema);
    EXPECT_EQ(error.what(), std::string("manifest: the table was uploaded by an older version of "
                                        "Polder; its owner must upload it again with this one"));
  }
}

TEST(Manifest, RefusesWhatDoesNotFit) {
  expect_refused(with("1904", "1905"));
  expect_refused(with("1904", "-1"));
  expect_refused(with("1904", "1904.0"));
  expect_refused(with("\"rows\":100", "\"rows\":18446744073709551615"));
  expect_refused(with("\"width\":64", "\"width\":63"));
  expect_refused(with("\"width\":64", "\"width\":4160"));
  expect_refused(with("\"width\":64", "\"width\":128"));  // data_bytes are those of one number
  expect_refused(with("\"width\":69", "\"width\":0"));
  expect_refused(with("\"width\":69", "\"width\":257"));
  expect_refused(with("\"width\":69", "\"width\":1000000"));
  expect_refused(with("\"name\":\"risk\"", "\"name\":\"key\""));
  expect_refused(with("hash128", "Hash 128"));
  expect_refused(with("\"bits\"", "\"float\""));
  expect_refused(with("\"format\":2", "\"format\":3"));
  expect_refused(with("\"22222222", "\"2222222"));
  expect_refused(with(",\"22222222", ",\"X2222222"));
  expect_refused(with("[\"00000000", "[\"\",\"00000000"));
  expect_refused(with("\"created\":7", "\"created\":7,\"extra\":1"));
  expect_refused(with("\"owner\":\"A\",", ""));
  expect_refused(with("\"owner\":\"A\"", "\"owner\":5"));
}

}  // namespace
}  // namespace polder
