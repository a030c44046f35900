// Any bytes as the file of a kept key: read, or refused by a named error; what was read is that
// text.
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "peer/kept_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace polder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const KeyUse use{"00112233445566778899aabbccddeeff", "paillier"};
  try {
    const KeptKey key = parse_kept_key(text, use);
    if (key.words.empty() || to_text(key, use) != text) std::abort();
  } catch (const Error& error) {
    if (error.code() != Code::bad_input) std::abort();
  }
  return 0;
}
