#include "client/normalise.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>

#include "base/error.h"

namespace polder {
namespace {

constexpr std::size_t shortest_iban = 15, longest_iban = 34;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// White space as Unicode has it, and the four ASCII separators that most software treats alike.
bool is_space(UChar32 c) { return u_isUWhiteSpace(c) || (c >= 0x1C && c <= 0x1F); }

std::string fold_ascii(std::string_view cell) {
  std::string out;
  out.reserve(cell.size());
  bool gap = false;
  for (const char c : cell) {
    if (is_space(static_cast<unsigned char>(c))) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += lowered(c);
  }
  return out;
}

icu::UnicodeString fold_spaces(const icu::UnicodeString& text) {
  icu::UnicodeString out;
  bool gap = false;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (is_space(c)) {
      gap = !out.isEmpty();
      continue;
    }
    if (gap) out.append(static_cast<UChar32>(' '));
    gap = false;
    out.append(c);
  }
  return out;
}

/// Folding can undo a composition and a compatibility form can hide a capital, so both are done
/// twice; a test over every code point shows that a third time changes nothing.
icu::UnicodeString fold_letters(icu::UnicodeString text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  text = nfkc->normalize(text, status);
  for (int i = 0; i < 2; ++i) text = nfkc->normalize(text.foldCase(), status);
  if (U_FAILURE(status))
    fail(Code::internal, "Unicode normalisation failed: {}", u_errorName(status));
  return text;
}

std::string fold_unicode(std::string_view cell) {
  const auto text = icu::UnicodeString::fromUTF8({cell.data(), static_cast<int32_t>(cell.size())});
  std::string out;
  fold_spaces(fold_letters(text)).toUTF8String(out);
  return out;
}

}  // namespace

std::string normalise(std::string_view cell) {
  std::string folded = is_ascii(cell) ? fold_ascii(cell) : fold_unicode(cell);
  std::string joined = folded;
  std::erase(joined, ' ');
  return is_iban(joined) ? joined : folded;
}

bool is_iban(std::string_view value) {
  if (value.size() < shortest_iban || value.size() > longest_iban) return false;
  const bool shaped =
      is_lower(value[0]) && is_lower(value[1]) && is_digit(value[2]) && is_digit(value[3]) &&
      std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || is_lower(c); });
  if (!shaped) return false;
  unsigned remainder = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[(i + 4) % value.size()];  // country and check digits come last
    const unsigned digits =
        is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(c - 'a') + 10;
    remainder = (remainder * (digits < 10 ? 10 : 100) + digits) % 97;
  }
  return remainder == 1;
}

void append_key_part(std::string& key, std::string_view normalised) {
  const auto size = static_cast<std::uint32_t>(normalised.size());
  for (int shift = 0; shift < 32; shift += 8) key += static_cast<char>((size >> shift) & 0xFF);
  key += normalised;
}

}  // namespace polder
