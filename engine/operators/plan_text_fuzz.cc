// Whatever the text, it is refused with an Error, or is the one spelling of a plan that can be
// checked and looked through.
#include <cstdlib>

#include "base/error.h"
#include "operators/all_operators.h"
#include "plan/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace polder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Graph plan = parse_plan(text, all_operators());
    if (plan_text(plan) != text) std::abort();
    uses(plan);
    require_sound(plan);
  } catch (const Error& error) {
    if (error.code() != Code::bad_input && error.code() != Code::bad_schema) std::abort();
  }
  return 0;
}
