#include "plan/bounds.h"

namespace polder {

int Bounds::width() const {
  int bits = is_signed() ? 1 : 0;
  // Of a negative number the bits of -low - 1.
  for (Int128 left = std::max(high, -(low + 1)); left > 0; left >>= 1) ++bits;
  return std::max(bits, 1);
}

std::string Bounds::text() const { return text_of(low) + ".." + text_of(high); }

std::string text_of(Int128 value) {
  const bool negative = value < 0;
  std::string digits;
  do {
    const auto digit = static_cast<int>(value % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
    value /= 10;
  } while (value != 0);
  if (negative) digits += '-';
  return {digits.rbegin(), digits.rend()};
}

}  // namespace polder
