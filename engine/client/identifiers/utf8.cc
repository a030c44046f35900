#include "client/identifiers/utf8.h"

#include <bit>
#include <cstdint>

#include "base/error.h"
#include "base/memory.h"
#include "client/files/text.h"

namespace polder {

void check_utf8(std::string_view text) {
  TextCheck check;
  const auto found = check.feed(bytes_of(text));
  if ((found && found->fault == TextFault::invalid_utf8) || check.unfinished())
    fail(Code::bad_input, "the identifier is not UTF-8; save it as UTF-8");
}

char32_t take_character(std::string_view& text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  const int ones = std::countl_one(first);
  const std::size_t size = ones == 0 ? 1 : static_cast<std::size_t>(ones);
  char32_t c = first & (0xFFU >> (ones + 1));
  for (std::size_t i = 1; i < size; ++i)
    c = (c << 6) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  text.remove_prefix(size);
  return c;
}

void append_character(std::string& text, char32_t c) {
  const auto add = [&](char32_t byte) { text += static_cast<char>(byte); };
  const auto add_tail = [&](int shift) { add(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xC0 | (c >> 6));
  } else if (c < 0x10000) {
    add(0xE0 | (c >> 12));
    add_tail(6);
  } else {
    add(0xF0 | (c >> 18));
    add_tail(12);
    add_tail(6);
  }
  add_tail(0);
}

}  // namespace polder
