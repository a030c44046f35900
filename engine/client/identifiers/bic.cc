#include "client/identifiers/bic.h"

#include <algorithm>

#include "base/error.h"
#include "client/identifiers/characters.h"

namespace polder {

std::string bic_form(std::string_view folded) {
  std::string code = without(folded, " -.");
  const bool shaped = (code.size() == 8 || code.size() == 11) && is_lower(code[4]) &&
                      is_lower(code[5]) &&
                      std::ranges::all_of(code, [](char c) { return is_digit(c) || is_lower(c); });
  if (!shaped) {
    fail(Code::bad_input,
         "not a BIC of 8 or 11 signs; correct it, or give the column the kind text");
  }
  if (code.ends_with("xxx") && code.size() == 11) code.resize(8);
  return code;
}

}  // namespace polder
