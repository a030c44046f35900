#include "client/identifiers/exact.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "client/identifiers/fold.h"
#include "client/identifiers/spreadsheets.h"

namespace polder {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void refuse_invisible(const icu::UnicodeString& text) {
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (!u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) continue;
    fail(Code::bad_input, "the identifier has an invisible character, U+{:04X}; remove it",
         static_cast<std::uint32_t>(c));
  }
}

icu::UnicodeString trimmed(const icu::UnicodeString& text) {
  std::int32_t begin = 0, end = text.length();
  while (begin < end && is_blank(static_cast<char32_t>(text.char32At(begin)))) ++begin;
  while (begin < end && is_blank(static_cast<char32_t>(text.char32At(end - 1)))) --end;
  return text.tempSubStringBetween(begin, end);
}

std::string composed(std::string_view cell) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const form = icu::Normalizer2::getNFCInstance(status);
  const auto given =
      icu::UnicodeString::fromUTF8({cell.data(), static_cast<std::int32_t>(cell.size())});
  refuse_invisible(given);
  const icu::UnicodeString text = form->normalize(trimmed(given), status);
  if (U_FAILURE(status))
    fail(Code::internal, "Unicode normalisation failed: {}", u_errorName(status));
  std::string out;
  return text.toUTF8String(out);
}

}  // namespace

std::string exact_form(std::string_view cell) {
  check_cell(cell);
  if (!is_ascii(cell)) {
    const std::string text = composed(cell);
    return std::string(unwrapped(text));
  }
  while (!cell.empty() && is_blank(static_cast<unsigned char>(cell.front()))) cell.remove_prefix(1);
  while (!cell.empty() && is_blank(static_cast<unsigned char>(cell.back()))) cell.remove_suffix(1);
  return std::string(unwrapped(cell));
}

}  // namespace polder
