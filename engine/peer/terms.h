// What the banks of a session say to each other before it starts, on the connection between the
// requester and each of them: the query, each bank's answer to it, and the terms that all then hold
// to.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "crypto/hash.h"
#include "match/peer_match.h"
#include "net/topics.h"
#include "peer/bank_network.h"
#include "wire/key_column.h"

namespace polder {

/// What one bank asks of all others.
struct Query {
  SessionId session = {};
  int requester = 0;
  std::string protocol;
  std::uint64_t threshold = 2;
  bool flags = true;
  std::vector<KeyColumn> key = {};  // of the requester; those of all banks are comparable
  std::uint64_t bound = 0;          // of the requester's rows: about so many a bank answers at most
  std::chrono::milliseconds deadline{0};  // from its arrival to the end
};

/// 16 random bytes that a bank adds to the terms: terms of another session never fit.
using Nonce = std::array<std::uint8_t, 16>;

/// A bank that takes part says how many rows its table has at most, and which key it kept of an
/// earlier run.
struct Part {
  std::uint64_t bound = 0;
  Nonce nonce = {};
  Digest256 key = {};  // its fingerprint; zeros: none

  bool operator==(const Part&) const = default;
};

/// Everything that has to be equal at all banks.
struct SessionTerms {
  Query query;
  std::vector<Part> parts;  // by bank

  PeerMatch match() const;
  /// Whether all banks kept the same key.
  bool share_a_key() const;
  std::vector<Topic> topics(const BankNetwork& network) const;
};

/// No bank gives a smaller bound: what protocols do beside tables of hardly any rows is not looked
/// at, and a bound that small says too much.
inline constexpr std::uint64_t min_bound = 16;

/// The bound that a bank of `rows` gives: `named` by its owner, or, if that is 0, the least of 16,
/// 18, 20 .. 32, 36 .. 64, 72 .. that is enough, so that their exact number stays its own.  Throws
/// Error bad_input for a named one that is too small.
std::uint64_t bound_for(std::uint64_t rows, std::uint64_t named);

// Messages of at most 64 KiB, as JSON behind their length, which is checked before it is used.

void send_query(Channel& to, const Query& query, const BankNetwork& network);
/// Throws Error bad_input, naming the field; forbidden if the requester has another version of
/// Polder; cheating for a length beyond the bound.
Query receive_query(Channel& from, const BankNetwork& network);

void send_part(Channel& to, const Part& part);
/// Throws the Error of a refusal, naming `bank`.
Part receive_part(Channel& from, std::string_view bank);

void send_parts(Channel& to, const std::vector<Part>& parts);
std::vector<Part> receive_parts(Channel& from, std::size_t count);

// The same from their text.

Query parse_query(std::string_view text, const BankNetwork& network);
Part parse_part(std::string_view text, std::string_view bank);
std::vector<Part> parse_parts(std::string_view text, std::size_t count);

}  // namespace polder
