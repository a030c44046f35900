// What people do not see, or do not mean to differ, taken out of a cell.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// Unicode's NFKC_Casefold, by which case, compatibility forms and invisible characters go; then
/// decimal digits of all scripts to 0-9, dashes to -, apostrophes to ', Arabic and Persian yeh and
/// kaf to one, no tatweel, i for dotless i and for i with its dot written out, a run of white space
/// to one space, none at the ends; again until nothing changes. UTF-8 in and out.  Throws Error
/// bad_input: more than 1,000 bytes, more than 30 marks in a row, a control character, no UTF-8.
/// Source: Unicode Standard 3.13 (D147), UAX 15 (stream-safe text), UAX 44 (Dash, White_Space).
std::string fold(std::string_view cell);

/// The checks of that alone.
void check_cell(std::string_view cell);

/// White space as Unicode has it, the four ASCII separators that most software treats alike, and
/// the braille cell without dots.
bool is_blank(char32_t c);

}  // namespace polder
