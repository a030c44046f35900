// What a bank that looks up and the bank of a register say to each other: how the register's
// identifiers are made; a query with all its blinded points, and an answer to all of them, or a
// refusal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/channel.h"
#include "peer/bank_network.h"
#include "peer/lookup/published_list.h"
#include "peer/message.h"
#include "wire/key_column.h"

namespace polder {

inline constexpr std::size_t max_looked_up = 64;  // identifiers of one query

struct LookupQuery {
  SessionId session = {};
  int requester = 0;
  std::vector<Point> blinded;  // 1 to max_looked_up
};

struct LookupAnswer {
  VoprfAnswer evaluated;
  ListHead list;
};

/// The query what the register's key is, which comes first on the same line.
bool is_key_query(std::string_view text);
std::string key_query(const AskedBy& asked, const BankNetwork& network);
/// Throws as parse_lookup_query.
AskedBy parse_key_query(std::string_view text, const BankNetwork& network);

std::string to_text(const std::vector<KeyColumn>& key);
/// Throws the Error of a refusal, naming `bank`; bad_input.
std::vector<KeyColumn> parse_key_answer(std::string_view text, std::string_view bank);

/// Whether a bank's first message is such a query, and not one for a match.  Throws Error
/// bad_input: no JSON.
bool is_lookup(std::string_view text);

std::string to_text(const LookupQuery& query, const BankNetwork& network);
/// Throws Error bad_input, naming the field; forbidden for another version or network.
LookupQuery parse_lookup_query(std::string_view text, const BankNetwork& network);

std::string to_text(const LookupAnswer& answer);
/// Throws the Error of a refusal, naming `bank`; bad_input; cheating for sizes no register has.
LookupAnswer parse_lookup_answer(std::string_view text, std::string_view bank);

}  // namespace polder
