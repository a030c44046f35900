// Any bytes as a network file and as a card: read, or refused by a named error; what was read comes
// back from its own text.
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "peer/bank_network.h"

namespace {

template <typename Parse>
void read_twice(std::string_view text, Parse parse) {
  try {
    const auto first = parse(text);
    if (to_text(parse(to_text(first))) != to_text(first)) std::abort();
  } catch (const polder::Error& error) {
    if (error.code() != polder::Code::bad_input) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_twice(text, polder::parse_bank_network);
  read_twice(text, polder::parse_bank_card);
  return 0;
}
