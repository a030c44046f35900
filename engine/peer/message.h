// Messages that banks exchange before or without a session: JSON of at most 64 KiB behind its
// length, which is checked before it is used.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/json.h"
#include "net/channel.h"
#include "peer/bank_network.h"

namespace polder {

inline constexpr std::size_t max_message_bytes = 64 * 1024;

void send_message(Channel& to, const boost::json::object& message);
/// The same from its canonical text.
void send_text(Channel& to, std::string_view text);
/// Throws Error cheating for a length beyond the bound. `what` names the message.
std::string receive_message(Channel& from, std::string_view what);

/// What every query begins with.
struct AskedBy {
  SessionId session = {};
  int requester = 0;
};
/// The fields of that, with the version of Polder and the network's id.
boost::json::object query_json(const AskedBy& asked, const BankNetwork& network);
/// Reads them. Throws Error bad_input, naming the field; forbidden for another version or network.
AskedBy read_asked_by(Fields& fields, const BankNetwork& network);

/// A refusal: `why` is shown to the requester.
void send_refusal(Channel& to, Code code, std::string_view why);
/// Reads the field 'accepted' of an answer. Throws the Error of a refusal, naming `bank`.
void check_accepted(Fields& fields, std::string_view bank);

}  // namespace polder
