// Names of organisations, nodes and tables as people tell them apart: one spelling for one name,
// nothing in it that cannot be seen.
#pragma once

#include <string_view>

namespace polder {

/// Refuses, besides what check_name refuses (base/json.h): text that is not in Unicode's form NFC,
/// invisible characters, spaces other than ' ', and a space at either end. Throws Error bad_input.
void check_visible_name(std::string_view name, std::string_view what);

/// Whether two different names may be taken for one another on a screen (Unicode TS 39, regardless
/// of case): 'amstel' and 'AMSTEL', or one of them with a Cyrillic 'а'.
bool look_alike(std::string_view a, std::string_view b);

}  // namespace polder
