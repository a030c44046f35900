#include "peer/lookup/lookup_terms.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>

#include "base/error.h"
#include "crypto/hex.h"
#include "peer/message.h"

namespace polder {
namespace json = boost::json;
namespace {

// A query for a match has no such field.
constexpr std::string_view kind = "lookup", kind_of_key_query = "key";

bool is_of_kind(std::string_view text, std::string_view wanted) {
  const json::object message = parse_object(text, "question", max_message_bytes);
  const json::value* const given = message.if_contains("kind");
  return given != nullptr && given->is_string() && given->get_string() == wanted;
}

json::array points_json(const std::vector<Point>& points) {
  json::array list;
  for (const Point& point : points) list.push_back(json::string(to_hex(point)));
  return list;
}

std::vector<Point> read_points(Fields& fields, std::string_view name) {
  std::vector<Point> points;
  for (const std::string& text : fields.texts(name, max_looked_up)) {
    check_hex(text, point_bytes, name);
    points.push_back(from_hex<point_bytes>(text));
  }
  if (points.empty()) fail(Code::bad_input, "{}: a look-up has 1 to {}", name, max_looked_up);
  return points;
}

ListHead read_head(Fields& fields) {
  return {.shape = {.entries = fields.integer("entries", 0, INT64_MAX),
                    .report_bytes = fields.integer("report_bytes", 0, INT64_MAX)},
          .public_point = from_hex<point_bytes>(fields.hex("public", point_bytes)),
          .fingerprint = from_hex<32>(fields.hex("fingerprint", 32))};
}

}  // namespace

bool is_key_query(std::string_view text) { return is_of_kind(text, kind_of_key_query); }

std::string key_query(const AskedBy& asked, const BankNetwork& network) {
  json::object message = query_json(asked, network);
  message["kind"] = kind_of_key_query;
  return canonical(message);
}

AskedBy parse_key_query(std::string_view text, const BankNetwork& network) {
  const json::object message = parse_object(text, "question", max_message_bytes);
  Fields fields(message, "question");
  fields.text("kind");
  const AskedBy asked = read_asked_by(fields, network);
  fields.done();
  return asked;
}

std::string to_text(const std::vector<KeyColumn>& key) {
  return canonical(json::object{{"accepted", 1}, {"key", to_json(key)}});
}

std::vector<KeyColumn> parse_key_answer(std::string_view text, std::string_view bank) {
  const json::object message = parse_object(text, "answer", max_message_bytes);
  Fields fields(message, "answer");
  check_accepted(fields, bank);
  std::vector<KeyColumn> key = read_key_columns(fields, "key");
  fields.done();
  return key;
}

bool is_lookup(std::string_view text) { return is_of_kind(text, kind); }

std::string to_text(const LookupQuery& query, const BankNetwork& network) {
  json::object message =
      query_json({.session = query.session, .requester = query.requester}, network);
  message["kind"] = kind;
  message["blinded"] = points_json(query.blinded);
  return canonical(message);
}

LookupQuery parse_lookup_query(std::string_view text, const BankNetwork& network) {
  const json::object message = parse_object(text, "question", max_message_bytes);
  Fields fields(message, "question");
  fields.text("kind");
  const AskedBy asked = read_asked_by(fields, network);
  LookupQuery query{.session = asked.session,
                    .requester = asked.requester,
                    .blinded = read_points(fields, "blinded")};
  fields.done();
  return query;
}

std::string to_text(const LookupAnswer& answer) {
  return canonical(json::object{{"accepted", 1},
                                {"evaluated", points_json(answer.evaluated.evaluated)},
                                {"proof", to_hex(answer.evaluated.proof)},
                                {"entries", answer.list.shape.entries},
                                {"report_bytes", answer.list.shape.report_bytes},
                                {"public", to_hex(answer.list.public_point)},
                                {"fingerprint", to_hex(answer.list.fingerprint)}});
}

LookupAnswer parse_lookup_answer(std::string_view text, std::string_view bank) {
  const json::object message = parse_object(text, "answer", max_message_bytes);
  Fields fields(message, "answer");
  check_accepted(fields, bank);
  LookupAnswer answer{.evaluated = {.evaluated = read_points(fields, "evaluated"),
                                    .proof = from_hex<64>(fields.hex("proof", 64))},
                      .list = read_head(fields)};
  fields.done();
  const ListShape& shape = answer.list.shape;
  if (!shape.allowed()) {
    fail(Code::cheating, "a register of {} entries with reports of {} bytes; no register has that",
         shape.entries, shape.report_bytes);
  }
  return answer;
}

}  // namespace polder
