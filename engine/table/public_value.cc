#include "table/public_value.h"

#include "plan/value.h"

namespace polder {

Series public_value(Protocol& mpc, const Type& type, std::string_view text) {
  const Words words = stored_value(type, text);
  Bits bits = mpc.constant(PlainBits::of_rows(words, 1, type.width()));
  if (!type.is_stored_number()) return std::move(Series(type, std::move(bits)).set_known(words));
  return std::move(Series(type, mpc.constant(1, words[0]), std::move(bits)).set_known(words));
}

}  // namespace polder
