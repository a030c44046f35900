// Self-signed X.509 certificates of Ed25519 keys: how a node shows its key in TLS. Nobody vouches
// for one; peers pin it whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory.h"
#include "crypto/sign.h"

namespace polder {

class Certificate {
 public:
  using Time = std::chrono::sys_seconds;

  struct Terms {
    std::string_view name;                      // common name: 1 to 64 characters of UTF-8
    int days = 365;                             // valid; 1 to 36500
    Time from = now() - std::chrono::hours(1);  // clocks differ
  };
  /// Throws Error bad_input naming the term that is wrong.
  static Certificate make(const SigningKey& key, const Terms& terms);

  /// Throws Error bad_input if this is not one certificate of an Ed25519 key, signed by itself.
  static Certificate parse(std::string_view pem);

  const std::string& pem() const { return pem_; }
  const std::vector<std::uint8_t>& der() const { return der_; }
  const std::string& name() const { return name_; }
  /// The key that the certificate shows; its owner's receipts verify with it.
  const VerifyKey& verify_key() const { return verify_key_; }
  Time valid_from() const { return from_; }
  Time valid_until() const { return until_; }

  /// Throws Error forbidden naming the dates if `when` is outside them.
  void check_dates(Time when = now()) const;

  static Time now();

 private:
  Certificate(std::string pem, std::vector<std::uint8_t> der, std::string name,
              const VerifyKey& key, Time from, Time until);

  std::string pem_;
  std::vector<std::uint8_t> der_;
  std::string name_;
  VerifyKey verify_key_;
  Time from_, until_;
};

/// PKCS #8 PEM without a passphrase: keep it in a file of mode 600.
Bytes private_key_pem(const SigningKey& key);
/// Throws Error bad_input if this is no Ed25519 private key.
SigningKey parse_private_key(std::string_view pem);

}  // namespace polder
