// UTF-8 as code points.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// Throws Error bad_input: not UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF).
void check_utf8(std::string_view text);

/// Takes the first character off a text that is UTF-8 and not empty.
char32_t take_character(std::string_view& text);

void append_character(std::string& text, char32_t c);

}  // namespace polder
