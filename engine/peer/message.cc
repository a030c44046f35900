#include "peer/message.h"

#include "base/error.h"
#include "base/version.h"
#include "crypto/hex.h"
#include "net/frame.h"

namespace polder {
namespace json = boost::json;
namespace {

/// What a bank may say when it takes no part; anything else is its own trouble.
Code refusal_code(std::string_view code) {
  const Code named = code_named(code);
  const bool known = named == Code::forbidden || named == Code::busy || named == Code::bad_input;
  return known ? named : Code::peer_aborted;
}

}  // namespace

void send_message(Channel& to, const json::object& message) { send_text(to, canonical(message)); }

void send_text(Channel& to, std::string_view text) {
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

json::object query_json(const AskedBy& asked, const BankNetwork& network) {
  return {{"format", 1},
          {"version", std::string(version)},
          {"network", network.id},
          {"session", to_hex(asked.session)},
          {"asker", asked.requester}};
}

AskedBy read_asked_by(Fields& fields, const BankNetwork& network) {
  fields.integer("format", 1, 1);
  const std::string requester_version = fields.text("version");
  if (requester_version != version) {
    fail(Code::forbidden, "the requester runs Polder {}, this bank {}; use one version",
         requester_version, version);
  }
  if (fields.text("network") != network.id) {
    fail(Code::forbidden, "the requester has another network file than this bank; use one");
  }
  return {.session = from_hex<16>(fields.hex("session", 16)),
          .requester = static_cast<int>(fields.integer("asker", 0, network.banks.size() - 1))};
}

void send_refusal(Channel& to, Code code, std::string_view why) {
  send_message(to, {{"accepted", 0}, {"code", std::string(name(code))}, {"why", std::string(why)}});
}

void check_accepted(Fields& fields, std::string_view bank) {
  if (fields.integer("accepted", 0, 1) == 1) return;
  const std::string code = fields.text("code"), why = fields.text("why");
  fields.done();
  fail(refusal_code(code), "{} takes no part: {}", bank, printable(bytes_of(why)));
}

}  // namespace polder
