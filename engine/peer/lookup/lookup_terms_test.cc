// Oracle: what was said comes back; each way to say it wrongly is refused by name.
#include "peer/lookup/lookup_terms.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <functional>

#include "net/testing/test_support.h"
#include "peer/message.h"

namespace polder {
namespace {

namespace json = boost::json;
using testing::expect_error;
using testing::thrown_by;

Point point(std::uint8_t number) {
  Point bytes{};
  bytes[0] = number;
  return bytes;
}

BankNetwork network() {
  BankNetwork banks;
  banks.id = "00112233445566778899aabbccddeeff";
  for (const char* name : {"amstel", "dommel"})
    banks.banks.push_back({.name = name, .address = {"h", 1}, .certificate = {}});
  return banks;
}

LookupQuery query(std::size_t points = 2) {
  LookupQuery asked{.session = {1, 2, 3}, .requester = 1, .blinded = {}};
  for (std::size_t i = 0; i < points; ++i)
    asked.blinded.push_back(point(static_cast<std::uint8_t>(i)));
  return asked;
}

LookupAnswer answer() {
  return {.evaluated = {.evaluated = {point(9), point(8)}, .proof = {4}},
          .list = {.shape = {.entries = 7, .report_bytes = 64},
                   .public_point = point(5),
                   .fingerprint = {6}}};
}

/// The text with one change to its fields.
std::string changed(const std::string& text, const std::function<void(json::object&)>& change) {
  json::object message = parse_object(text, "text");
  change(message);
  return canonical(message);
}

TEST(LookupTerms, AQueryComesBack) {
  for (const std::size_t points : {1, 2, 64}) {
    const LookupQuery asked = query(points);
    const std::string text = to_text(asked, network());
    EXPECT_LE(text.size(), max_message_bytes);
    EXPECT_TRUE(is_lookup(text));
    const LookupQuery read = parse_lookup_query(text, network());
    EXPECT_EQ(read.session, asked.session);
    EXPECT_EQ(read.requester, asked.requester);
    EXPECT_EQ(read.blinded, asked.blinded);
  }
}

TEST(LookupTerms, AnAnswerComesBack) {
  const LookupAnswer given = answer();
  const LookupAnswer read = parse_lookup_answer(to_text(given), "eem");
  EXPECT_EQ(read.evaluated.evaluated, given.evaluated.evaluated);
  EXPECT_EQ(read.evaluated.proof, given.evaluated.proof);
  EXPECT_EQ(read.list.shape, given.list.shape);
  EXPECT_EQ(read.list.public_point, given.list.public_point);
  EXPECT_EQ(read.list.fingerprint, given.list.fingerprint);
}

TEST(LookupTerms, AQueryForAMatchIsNoLookUp) {
  EXPECT_FALSE(is_lookup("{}"));
  EXPECT_FALSE(is_lookup(R"({"kind":1})"));
  EXPECT_FALSE(is_lookup(R"({"kind":"match"})"));
  expect_error(thrown_by([] { is_lookup("{{"); }), Code::bad_input, "question");
}

struct Wrong {
  const char* name;
  std::function<void(json::object&)> change;
  Code code;
  const char* why;
};

std::ostream& operator<<(std::ostream& out, const Wrong& wrong) { return out << wrong.name; }

class WrongQueries : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongQueries, AreRefusedByName) {
  const std::string text = changed(to_text(query(), network()), GetParam().change);
  expect_error(thrown_by([&] { parse_lookup_query(text, network()); }), GetParam().code,
               GetParam().why);
}

json::array points(std::size_t count) {
  return json::array(count, json::value(std::string(64, '0')));
}

INSTANTIATE_TEST_SUITE_P(
    LookupTerms, WrongQueries,
    ::testing::Values(
        Wrong{"version", [](auto& text) { text["version"] = "0"; }, Code::forbidden,
              "use one version"},
        Wrong{"network", [](auto& text) { text["network"] = "ff"; }, Code::forbidden,
              "another network file"},
        Wrong{"format", [](auto& text) { text["format"] = 2; }, Code::bad_input, "'format'"},
        Wrong{"session", [](auto& text) { text["session"] = "AB"; }, Code::bad_input, "'session'"},
        Wrong{"asker", [](auto& text) { text["asker"] = 2; }, Code::bad_input, "'asker'"},
        Wrong{"missing", [](auto& text) { text.erase("blinded"); }, Code::bad_input, "'blinded'"},
        Wrong{"unknown", [](auto& text) { text["colour"] = 1; }, Code::bad_input, "unknown"},
        Wrong{"none", [](auto& text) { text["blinded"] = points(0); }, Code::bad_input, "1 to 64"},
        Wrong{"many", [](auto& text) { text["blinded"] = points(65); }, Code::bad_input,
              "at most 64"},
        Wrong{"number", [](auto& text) { text["blinded"] = json::array{1}; }, Code::bad_input,
              "'blinded'"},
        Wrong{"short", [](auto& text) { text["blinded"] = json::array{"00"}; }, Code::bad_input,
              "64 lower-case hex"}),
    [](const auto& each) { return std::string(each.param.name); });

class WrongAnswers : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongAnswers, AreRefusedByName) {
  const std::string text = changed(to_text(answer()), GetParam().change);
  expect_error(thrown_by([&] { parse_lookup_answer(text, "bank 'eem'"); }), GetParam().code,
               GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    LookupTerms, WrongAnswers,
    ::testing::Values(
        Wrong{"proof", [](auto& text) { text["proof"] = "00"; }, Code::bad_input, "'proof'"},
        Wrong{"missing", [](auto& text) { text.erase("public"); }, Code::bad_input, "'public'"},
        Wrong{"unknown", [](auto& text) { text["colour"] = 1; }, Code::bad_input, "unknown"},
        Wrong{"many", [](auto& text) { text["evaluated"] = points(65); }, Code::bad_input,
              "at most 64"},
        Wrong{"negative", [](auto& text) { text["entries"] = -1; }, Code::bad_input, "'entries'"},
        Wrong{"huge", [](auto& text) { text["entries"] = std::int64_t{1} << 40; }, Code::cheating,
              "no register has that"},
        Wrong{"reports", [](auto& text) { text["report_bytes"] = 33; }, Code::cheating,
              "no register has that"},
        Wrong{"all",
              [](auto& text) {
                text["entries"] = std::int64_t{1} << 26;
                text["report_bytes"] = 512;
              },
              Code::cheating, "no register has that"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(LookupTerms, ARefusalIsThrownAsTheBanksOwn) {
  const auto refused = [](const char* code) {
    return thrown_by([&] {
      const json::object text{{"accepted", 0}, {"code", code}, {"why", "tomorrow\x1b"}};
      parse_lookup_answer(canonical(text), "bank 'eem'");
    });
  };
  expect_error(refused("busy"), Code::busy, "bank 'eem' takes no part: tomorrow");
  expect_error(refused("forbidden"), Code::forbidden, "takes no part");
  expect_error(refused("internal"), Code::peer_aborted, "takes no part");
  EXPECT_EQ(std::string_view(refused("busy").what()).find('\x1b'), std::string_view::npos);
}

}  // namespace
}  // namespace polder
