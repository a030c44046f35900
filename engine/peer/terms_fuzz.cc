// Any bytes as what banks say before a session: read, or refused by a named error.
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "peer/terms.h"

namespace {

using namespace polder;

BankNetwork some_network() {
  BankNetwork network;
  network.id = "00112233445566778899aabbccddeeff";
  for (const char* name : {"amstel", "dommel", "eem"}) {
    network.banks.push_back({.name = name, .address = {"h", 1}, .certificate = {}});
  }
  return network;
}

template <typename Parse>
void read(Parse parse) {
  try {
    parse();
  } catch (const Error& error) {
    if (error.code() == Code::internal) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const BankNetwork network = some_network();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read([&] { parse_question(text, network); });
  read([&] { parse_part(text, "bank 'eem'"); });
  read([&] { parse_parts(text, 3); });
  return 0;
}
