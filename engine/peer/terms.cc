#include "peer/terms.h"

#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/version.h"
#include "crypto/hex.h"
#include "net/frame.h"
#include "store/json.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::size_t max_message_bytes = 64 * 1024;
constexpr std::uint64_t max_rows = std::uint64_t{1} << 40;
constexpr std::uint64_t max_deadline_ms = 7ull * 24 * 3600 * 1000;

void send_message(Channel& to, const json::object& message) {
  const std::string text = canonical(message);
  require(text.size() <= max_message_bytes, "a message of more than 64 KiB");
  const std::uint64_t size = text.size();
  to.send_words({&size, 1});
  to.send(bytes_of(text));
}

std::string receive_message(Channel& from, std::string_view what) {
  std::uint64_t size = 0;
  from.receive_words({&size, 1});
  if (size > max_message_bytes) {
    fail(Code::cheating, "{} of {} bytes was announced; at most {}", what, size, max_message_bytes);
  }
  std::string text(size, '\0');
  from.receive({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return text;
}

json::object part_json(const Part& part) {
  return {{"bound", part.bound}, {"nonce", to_hex(part.nonce)}};
}

Part read_part(Fields& fields) {
  return {.bound = fields.integer("bound", 0, max_rows),
          .nonce = from_hex<16>(fields.hex("nonce", 16))};
}

/// What a bank may say when it takes no part; anything else is its own trouble.
Code refusal_code(std::string_view code) {
  const Code named = code_named(code);
  const bool known = named == Code::forbidden || named == Code::busy || named == Code::bad_input;
  return known ? named : Code::peer_aborted;
}

std::string lines(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + "\n";
  return all;
}

}  // namespace

PeerMatch SessionTerms::match() const {
  PeerMatch match{.asker = question.asker,
                  .threshold = question.threshold,
                  .flags = question.flags,
                  .bounds = {}};
  for (const Part& part : parts) match.bounds.push_back(part.bound);
  return match;
}

std::vector<Topic> SessionTerms::topics(const BankNetwork& network) const {
  std::string bounds, nonces;
  for (const Part& part : parts) {
    bounds += fmt::format("{}\n", part.bound);
    nonces += to_hex(part.nonce) + "\n";
  }
  return {{"the version of Polder", std::string(version)},
          {"the network file", network.id},
          {"the banks", lines(network.names())},
          {"who asks", std::to_string(question.asker)},
          {"the protocol", question.protocol},
          {"the threshold", std::to_string(question.threshold)},
          {"whether flags count", question.flags ? "yes" : "no"},
          {"the most rows of a table", bounds},
          {"the numbers drawn for this session", nonces}};
}

std::uint64_t bound_for(std::uint64_t rows, std::uint64_t named) {
  if (named >= rows && named > 0) return named;
  if (named > 0) {
    fail(Code::bad_input, "the bound {} is less than the {} identifiers of the file", named, rows);
  }
  const auto bits = std::bit_width(rows);
  const std::uint64_t step = std::uint64_t{1} << (bits > 4 ? bits - 4 : 0);
  return (rows + step - 1) / step * step;
}

void send_question(Channel& to, const Question& question, const BankNetwork& network) {
  send_message(to, {{"format", 1},
                    {"version", std::string(version)},
                    {"network", network.id},
                    {"session", to_hex(question.session)},
                    {"asker", question.asker},
                    {"protocol", question.protocol},
                    {"threshold", question.threshold},
                    {"flags", question.flags ? 1 : 0},
                    {"deadline_ms", question.deadline.count()}});
}

Question receive_question(Channel& from, const BankNetwork& network) {
  return parse_question(receive_message(from, "question"), network);
}

Question parse_question(std::string_view text, const BankNetwork& network) {
  const json::object message = parse_object(text, "question", max_message_bytes);
  Fields fields(message, "question");
  fields.integer("format", 1, 1);
  const std::string asker_version = fields.text("version");
  if (asker_version != version) {
    fail(Code::forbidden, "the asker runs Polder {}, this bank {}; use one version", asker_version,
         version);
  }
  if (fields.text("network") != network.id) {
    fail(Code::forbidden, "the asker has another network file than this bank; use one");
  }
  const std::size_t count = network.banks.size();
  Question question{
      .session = from_hex<16>(fields.hex("session", 16)),
      .asker = static_cast<int>(fields.integer("asker", 0, count - 1)),
      .protocol = fields.text("protocol"),
      .threshold = fields.integer("threshold", 1, count),
      .flags = fields.integer("flags", 0, 1) == 1,
      .deadline = std::chrono::milliseconds(fields.integer("deadline_ms", 1, max_deadline_ms))};
  fields.done();
  return question;
}

void send_part(Channel& to, const Part& part) {
  json::object message = part_json(part);
  message["accepted"] = 1;
  send_message(to, message);
}

void send_refusal(Channel& to, Code code, std::string_view why) {
  send_message(to, {{"accepted", 0}, {"code", std::string(name(code))}, {"why", std::string(why)}});
}

Part receive_part(Channel& from, std::string_view bank) {
  return parse_part(receive_message(from, "answer"), bank);
}

Part parse_part(std::string_view text, std::string_view bank) {
  const json::object message = parse_object(text, "answer", max_message_bytes);
  Fields fields(message, "answer");
  if (fields.integer("accepted", 0, 1) == 0) {
    const std::string code = fields.text("code"), why = fields.text("why");
    fields.done();
    fail(refusal_code(code), "{} takes no part: {}", bank, printable(bytes_of(why)));
  }
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
