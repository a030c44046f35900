#include "peer/identity.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text_file.h"
#include "crypto/certificate.h"
#include "crypto/files/own_folder.h"

namespace polder {
namespace {

constexpr std::size_t max_key_bytes = 4096;

}  // namespace

BankCard make_bank(const NewBank& bank) {
  check_file_name(bank.name, "bank");
  const SigningKey key = SigningKey::random();
  const Certificate certificate = Certificate::make(key, {.name = bank.name, .days = bank.days});
  const BankCard card{.name = bank.name, .address = bank.address, .certificate = certificate.pem()};
  make_own_folder(bank.folder, "peer.key");
  write_new(bank.folder / "peer.crt", card.certificate);
  write_new(bank.folder / (bank.name + ".peer.toml"), to_text(card));
  write_new(bank.folder / "peer.key", private_key_pem(key));  // last: the folder is whole now
  return card;
}

BankIdentity read_identity(const std::filesystem::path& folder) {
  refuse_readable_by_others(folder / "peer.key");
  std::string key = read_text(folder / "peer.key", max_key_bytes);
  BankIdentity identity{.certificate = read_text(folder / "peer.crt"),
                        .key_pem = Bytes(key.begin(), key.end())};
  wipe(key.data(), key.size());
  return identity;
}

}  // namespace polder
