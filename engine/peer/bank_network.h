// The banks that match with one another and with nobody else (network.toml): who they are, where
// they listen and which certificate is theirs. All of them have the same file. It holds the key
// under which identifiers are hashed, so it is for these banks only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/memory.h"
#include "net/links/handshake_message.h"
#include "net/socket.h"

namespace polder {

inline constexpr std::size_t max_banks = 64;

/// What a bank hands to the others (NAME.peer.toml).
struct BankCard {
  std::string name;
  Address address;
  std::string certificate;  // PEM
};

/// A bank's number is its place in `banks`.
struct BankNetwork {
  std::string id;               // 64 hex digits: BLAKE2b-256 of all the rest
  Bytes matching_key;           // 32 bytes
  std::vector<BankCard> banks;  // 2 to max_banks

  /// The first half of the id, for the first message of a line; all of it is compared after that.
  NetworkId network_id() const;
  /// Throws Error not_found naming those that there are.
  int bank_named(std::string_view name) const;
  /// Throws Error bad_input: it is none of these banks.
  int bank_with(std::string_view certificate_pem) const;
  std::vector<std::string> names() const;
};

/// Throw Error bad_input: unknown or missing fields, an id that is not that of the contents, two
/// banks of one name, address or certificate.
BankNetwork parse_bank_network(std::string_view text);
BankCard parse_bank_card(std::string_view text);

/// A new network of these banks, with a fresh matching key.
BankNetwork make_bank_network(std::vector<BankCard> banks);

std::string to_text(const BankNetwork& network);
std::string to_text(const BankCard& card);

/// A bank in messages: bank 'eem'.
std::string shown_bank(std::string_view name);

}  // namespace polder
