// A bank's folder: the key that it proves to be itself with, and the card that it hands to others.
//   peer.key  Ed25519 key (PKCS8 PEM, mode 600)   peer.crt  its certificate, self-signed
//   NAME.peer.toml  the public part, for the other banks
#pragma once

#include <filesystem>
#include <string>

#include "peer/bank_network.h"

namespace polder {

struct NewBank {
  std::filesystem::path folder;
  std::string name;
  Address address;  // where the other banks reach it
  int days = 825;   // that the certificate is valid
};

/// Makes the folder and everything in it. Throws Error bad_input if the folder holds a bank
/// already, forbidden if it cannot be written.
BankCard make_bank(const NewBank& bank);

struct BankIdentity {
  std::string certificate;  // PEM
  Bytes key_pem;

  std::string_view key() const {
    return {reinterpret_cast<const char*>(key_pem.data()), key_pem.size()};
  }
};

/// Throws Error not_found, or forbidden if others may read the key.
BankIdentity read_identity(const std::filesystem::path& folder);

}  // namespace polder
