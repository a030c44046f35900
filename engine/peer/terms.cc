#include "peer/terms.h"

#include <algorithm>
#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/bits.h"
#include "base/error.h"
#include "base/version.h"
#include "crypto/hex.h"
#include "peer/message.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::uint64_t max_rows = std::uint64_t{1} << 40;
constexpr std::uint64_t max_deadline_ms = 7ull * 24 * 3600 * 1000;

json::object part_json(const Part& part) {
  return {{"bound", part.bound}, {"nonce", to_hex(part.nonce)}, {"key", to_hex(part.key)}};
}

Part read_part(Fields& fields) {
  return {.bound = fields.integer("bound", min_bound, max_rows),
          .nonce = from_hex<16>(fields.hex("nonce", 16)),
          .key = from_hex<32>(fields.hex("key", 32))};
}

std::string lines(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + "\n";
  return all;
}

}  // namespace

PeerMatch SessionTerms::match() const {
  PeerMatch match{.requester = query.requester,
                  .threshold = query.threshold,
                  .flags = query.flags,
                  .bounds = {}};
  for (const Part& part : parts) match.bounds.push_back(part.bound);
  return match;
}

bool SessionTerms::share_a_key() const {
  const Digest256& first = parts.front().key;
  return first != Digest256{} &&
         std::ranges::all_of(parts, [&](const Part& part) { return part.key == first; });
}

std::vector<Topic> SessionTerms::topics(const BankNetwork& network) const {
  std::string bounds, nonces, keys, kinds;
  for (const KeyColumn& column : query.key)
    kinds += fmt::format("{} {}\n", column.kind, column.version);
  for (const Part& part : parts) {
    bounds += fmt::format("{}\n", part.bound);
    nonces += to_hex(part.nonce) + "\n";
    keys += to_hex(part.key) + "\n";
  }
  return {{"the version of Polder", std::string(version)},
          {"the network file", network.id},
          {"the banks", lines(network.names())},
          {"who asks", std::to_string(query.requester)},
          {"the protocol", query.protocol},
          {"the threshold", std::to_string(query.threshold)},
          {"whether flags count", query.flags ? "yes" : "no"},
          {"the kinds of identifier", kinds},
          {"the most rows of a table", bounds},
          {"the numbers drawn for this session", nonces},
          {"the keys that banks kept", keys}};
}

std::uint64_t bound_for(std::uint64_t rows, std::uint64_t named) {
  if (named > 0 && named < rows) {
    fail(Code::bad_input, "the bound {} is less than the {} identifiers of the file", named, rows);
  }
  if (named > 0 && named < min_bound) {
    fail(Code::bad_input, "the bound {} is too small; the least is {}", named, min_bound);
  }
  if (named > 0) return named;
  const std::uint64_t least = std::max(rows, min_bound);
  const std::uint64_t step = std::bit_floor(least) / 8;
  return ceil_div(least, step) * step;
}

void send_query(Channel& to, const Query& query, const BankNetwork& network) {
  json::object message =
      query_json({.session = query.session, .requester = query.requester}, network);
  message["protocol"] = query.protocol;
  message["threshold"] = query.threshold;
  message["flags"] = query.flags ? 1 : 0;
  message["key"] = to_json(query.key);
  message["bound"] = query.bound;
  message["deadline_ms"] = query.deadline.count();
  send_message(to, message);
}

Query receive_query(Channel& from, const BankNetwork& network) {
  return parse_query(receive_message(from, "question"), network);
}

Query parse_query(std::string_view text, const BankNetwork& network) {
  const json::object message = parse_object(text, "question", max_message_bytes);
  Fields fields(message, "question");
  const AskedBy asked = read_asked_by(fields, network);
  Query query{
      .session = asked.session,
      .requester = asked.requester,
      .protocol = fields.text("protocol"),
      .threshold = fields.integer("threshold", 1, network.banks.size()),
      .flags = fields.integer("flags", 0, 1) == 1,
      .key = read_key_columns(fields, "key"),
      .bound = fields.integer("bound", min_bound, max_rows),
      .deadline = std::chrono::milliseconds(fields.integer("deadline_ms", 1, max_deadline_ms))};
  fields.done();
  return query;
}

void send_part(Channel& to, const Part& part) {
  json::object message = part_json(part);
  message["accepted"] = 1;
  send_message(to, message);
}

Part receive_part(Channel& from, std::string_view bank) {
  return parse_part(receive_message(from, "answer"), bank);
}

Part parse_part(std::string_view text, std::string_view bank) {
  const json::object message = parse_object(text, "answer", max_message_bytes);
  Fields fields(message, "answer");
  check_accepted(fields, bank);
  const Part part = read_part(fields);
  fields.done();
  return part;
}

void send_parts(Channel& to, const std::vector<Part>& parts) {
  json::array list;
  for (const Part& part : parts) list.push_back(part_json(part));
  send_message(to, {{"parts", std::move(list)}});
}

std::vector<Part> receive_parts(Channel& from, std::size_t count) {
  return parse_parts(receive_message(from, "terms"), count);
}

std::vector<Part> parse_parts(std::string_view text, std::size_t count) {
  const json::object message = parse_object(text, "terms", max_message_bytes);
  Fields fields(message, "terms");
  const json::array& list = fields.list("parts", count);
  if (list.size() != count) {
    fail(Code::bad_input, "terms: {} parts for {} banks", list.size(), count);
  }
  std::vector<Part> parts;
  for (const json::value& value : list) {
    if (!value.is_object()) fail(Code::bad_input, "terms: a part must be an object");
    Fields part(value.get_object(), "terms: part");
    parts.push_back(read_part(part));
    part.done();
  }
  fields.done();
  return parts;
}

}  // namespace polder
