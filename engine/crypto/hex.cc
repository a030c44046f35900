#include "crypto/hex.h"

#include <sodium.h>

#include "base/error.h"

namespace polder {

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string digits(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(digits.data(), digits.size(), bytes.data(), bytes.size());
  digits.pop_back();
  return digits;
}

void from_hex(std::string_view digits, std::span<std::uint8_t> out) {
  if (digits.size() != out.size() * 2) {
    fail(Code::bad_input, "hex: {} characters where {} digits belong", digits.size(),
         out.size() * 2);
  }
  if (out.empty()) return;
  std::size_t length = 0;
  const int status = sodium_hex2bin(out.data(), out.size(), digits.data(), digits.size(), nullptr,
                                    &length, nullptr);
  if (status != 0 || length != out.size()) fail(Code::bad_input, "hex: not only digits 0-9, a-f");
}

}  // namespace polder
