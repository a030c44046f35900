#include "peer/bank_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "crypto/certificate.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "crypto/random.h"
#include "peer/toml.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::size_t max_certificate_bytes = 16 * 1024;
constexpr std::string_view card_heading =
    "# A bank's card for matching without a third party. Hand it to the other banks.\n";
constexpr std::string_view network_heading =
    "# Banks that match without a third party; all have this same file. The matching key is for\n"
    "# these banks only.\n";

BankCard read_card(Fields& fields) {
  BankCard card{.name = fields.name("name"),
                .address = parse_address(fields.text("address")),
                .certificate = fields.text("certificate", max_certificate_bytes)};
  check_file_name(card.name, "bank");
  return card;
}

/// Everything but the id.
json::object contents(const BankNetwork& network) {
  json::array banks;
  for (const BankCard& card : network.banks) {
    banks.push_back(json::object{{"name", card.name},
                                 {"address", to_text(card.address)},
                                 {"certificate", card.certificate}});
  }
  return {
      {"format", 1}, {"matching_key", to_hex(network.matching_key)}, {"banks", std::move(banks)}};
}

std::string id_of(const BankNetwork& network) {
  return to_hex(hash256(canonical(contents(network))));
}

void check_banks(const std::vector<BankCard>& banks) {
  if (banks.size() < 2 || banks.size() > max_banks) {
    fail(Code::bad_input, "network: it has 2 to {} banks, not {}", max_banks, banks.size());
  }
  std::set<std::string> seen;
  for (const BankCard& card : banks) {
    const bool fresh = seen.insert("name " + card.name).second &&
                       seen.insert("at " + to_text(card.address)).second &&
                       seen.insert("certificate " + card.certificate).second;
    if (!fresh) {
      fail(
          Code::bad_input,
          "network: bank '{}' has a name, address or certificate of another one; give each its own",
          card.name);
    }
  }
}

std::string card_lines(const BankCard& card) {
  return fmt::format("name = {}\naddress = {}\ncertificate = \"\"\"\n{}\"\"\"\n",
                     toml_text(card.name), toml_text(to_text(card.address)), card.certificate);
}

}  // namespace

NetworkId BankNetwork::network_id() const {
  return from_hex<16>(std::string_view(id).substr(0, 32));
}

std::vector<std::string> BankNetwork::names() const {
  std::vector<std::string> all;
  for (const BankCard& card : banks) all.push_back(card.name);
  return all;
}

int BankNetwork::bank_named(std::string_view name) const {
  const auto found = std::ranges::find(banks, name, &BankCard::name);
  if (found != banks.end()) return static_cast<int>(found - banks.begin());
  fail(Code::not_found, "there is no bank '{}' in this network; it has {}", name,
       fmt::join(names(), ", "));
}

int BankNetwork::bank_with(std::string_view certificate_pem) const {
  const auto found = std::ranges::find(banks, certificate_pem, &BankCard::certificate);
  if (found != banks.end()) return static_cast<int>(found - banks.begin());
  fail(Code::bad_input,
       "this bank's certificate is not in the network file; its card has to be among those that "
       "the file was made of");
}

BankNetwork parse_bank_network(std::string_view text) {
  const json::object object = parse_toml(text, "network file");
  Fields fields(object, "network file");
  fields.integer("format", 1, 1);
  BankNetwork network{.id = fields.text("network"), .matching_key = Bytes(32), .banks = {}};
  from_hex(fields.hex("matching_key", 32), network.matching_key);
  for (const json::value& value : fields.list("bank", max_banks)) {
    if (!value.is_object()) fail(Code::bad_input, "network file: a bank must be a table");
    Fields bank(value.get_object(), "network file: bank");
    network.banks.push_back(read_card(bank));
    bank.done();
  }
  fields.done();
  check_banks(network.banks);
  if (network.id != id_of(network)) {
    fail(Code::bad_input,
         "network file: its id does not belong to its contents; ask for the file again, it was "
         "changed");
  }
  return network;
}

BankCard parse_bank_card(std::string_view text) {
  const json::object object = parse_toml(text, "bank card");
  Fields fields(object, "bank card");
  fields.integer("format", 1, 1);
  BankCard card = read_card(fields);
  fields.done();
  card.certificate = Certificate::parse(card.certificate).pem();
  return card;
}

BankNetwork make_bank_network(std::vector<BankCard> banks) {
  check_banks(banks);
  BankNetwork network{.id = "", .matching_key = Bytes(32), .banks = std::move(banks)};
  random_bytes(network.matching_key);
  network.id = id_of(network);
  return network;
}

std::string to_text(const BankNetwork& network) {
  std::string text = fmt::format("{}format = 1\nnetwork = \"{}\"\nmatching_key = \"{}\"\n",
                                 network_heading, network.id, to_hex(network.matching_key));
  for (const BankCard& card : network.banks) text += "\n[[bank]]\n" + card_lines(card);
  return text;
}

std::string to_text(const BankCard& card) {
  return fmt::format("{}format = 1\n{}", card_heading, card_lines(card));
}

std::string shown_bank(std::string_view name) { return fmt::format("bank '{}'", name); }

}  // namespace polder
