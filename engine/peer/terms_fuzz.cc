// Any bytes as what banks say before a session and in a look-up: read, or refused by a named error.
// What was read of a look-up is worked on: a query by the register's key, an answer by the
// requester's check of its proof.
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "crypto/hex.h"
#include "peer/lookup/lookup_terms.h"
#include "peer/terms.h"

namespace {

using namespace polder;

BankNetwork some_network() {
  BankNetwork network;
  network.id = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  for (const char* name : {"amstel", "dommel", "eem"}) {
    network.banks.push_back({.name = name, .address = {"h", 1}, .certificate = {}});
  }
  return network;
}

/// The query of the first test vector in RFC 9497, A.1.2: an answer in the corpus fits it.
VoprfQuery some_query() {
  std::vector<Scalar> blinds;
  blinds.emplace_back(
      from_hex<32>("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706"));
  return VoprfQuery(VoprfQuery::Inputs(1, {0}), std::move(blinds));
}

void check(bool holds) {
  if (!holds) std::abort();
}

template <typename Parse>
void read(Parse parse) {
  try {
    parse();
  } catch (const Error& error) {
    check(error.code() != Code::internal);
  }
}

void answer_lookup(std::string_view text, const BankNetwork& network) {
  static const VoprfKey key = VoprfKey::derive(std::array<std::uint8_t, 32>{1}, {});
  const LookupQuery query = parse_lookup_query(text, network);
  check(key.answer(query.blinded).evaluated.size() == query.blinded.size());
}

void take_answer(std::string_view text) {
  static const VoprfQuery query = some_query();
  const LookupAnswer answer = parse_lookup_answer(text, "bank 'eem'");
  check(answer.list.shape.bytes() <= std::uint64_t{1} << 32);
  check(query.outputs(answer.list.public_point, answer.evaluated).size() == 1);
}

void read_as_entry(std::string_view bytes) {
  const ListShape shape{.entries = 1, .report_bytes = 32};
  if (bytes.size() == shape.entry_bytes())
    read_entry(shape, VoprfOutput(VoprfOutput::Raw{}), bytes_of(bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const BankNetwork network = some_network();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read([&] { parse_query(text, network); });
  read([&] { parse_part(text, "bank 'eem'"); });
  read([&] { parse_parts(text, 3); });
  read([&] { is_lookup(text); });
  read([&] { parse_key_query(text, network); });
  read([&] { parse_key_answer(text, "bank 'eem'"); });
  read([&] { answer_lookup(text, network); });
  read([&] { take_answer(text); });
  read([&] { read_as_entry(text); });
  return 0;
}
