// Whatever the text, it is refused with an Error or has one spelling, which is read as itself.
#include <cstdlib>

#include "base/error.h"
#include "base/json_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace polder;
  try {
    const Json value = parse_json({reinterpret_cast<const char*>(data), size}, "fuzz");
    const std::string text = json_text(value);
    if (!(parse_json(text, "again", {.bytes = text.size()}) == value)) std::abort();
  } catch (const Error& error) {
    if (error.code() != Code::bad_input) std::abort();
  }
  return 0;
}
