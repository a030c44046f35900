#include "client/identifiers/text.h"

#include "client/identifiers/iban.h"

namespace polder {

std::string text_form(std::string_view folded) {
  std::string iban = iban_in(folded);
  return iban.empty() ? std::string(folded) : iban;
}

}  // namespace polder
