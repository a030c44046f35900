// Identifiers in which every character counts, capitals too.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// The cell in Unicode's NFC, without white space at its ends and without what spreadsheets put
/// around it.  Throws Error bad_input also for invisible characters, which nobody could tell apart.
std::string exact_form(std::string_view cell);

}  // namespace polder
