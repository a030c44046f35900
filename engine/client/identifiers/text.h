// Identifiers of no particular kind: names, numbers and codes as people write them.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// Folded text as it is; an IBAN in it as an IBAN.
std::string text_form(std::string_view folded);

}  // namespace polder
