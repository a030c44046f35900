#include "client/identifiers/fold.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "client/identifiers/utf8.h"

namespace polder {
namespace {

constexpr std::size_t max_bytes = 1000;
constexpr int max_marks = 30;
constexpr int max_passes = 16;  // two or three are enough for every text tried

constexpr char32_t nothing = 0x110000;

constexpr bool is_control(char32_t c) {
  const bool ascii_space = (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
  return (c < 0x20 && !ascii_space) || (c >= 0x7F && c < 0xA0 && c != 0x85);
}

/// What becomes of an ASCII character: 0 if it is refused.
constexpr std::array<char, 128> ascii_forms = [] {
  std::array<char, 128> forms{};
  for (std::size_t c = 0; c < forms.size(); ++c) {
    const char letter = static_cast<char>(c);
    if (is_control(static_cast<char32_t>(c))) continue;
    forms[c] = c <= 0x20                        ? ' '
               : letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32)
               : letter == '`'                  ? '\''
                                                : letter;
  }
  return forms;
}();

/// The common case without Unicode's tables; nothing if it is not that.
std::optional<std::string> fold_ascii(std::string_view cell) {
  if (cell.size() > max_bytes) return {};
  std::string out(cell.size(), '\0');
  char* end = out.data();
  for (const char c : cell) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) return {};
    const char form = ascii_forms[byte];
    if (form == 0) return {};
    if (form == ' ' && (end == out.data() || end[-1] == ' ')) continue;
    *end++ = form;
  }
  if (end != out.data() && end[-1] == ' ') --end;
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

constexpr char32_t apostrophes[] = {0x0060, 0x00B4, 0x02B9, 0x02BB, 0x02BC, 0x02BD, 0x02C8,
                                    0x02CA, 0x02CB, 0x0374, 0x055A, 0x05F3, 0x07F4, 0x07F5,
                                    0x1FBD, 0x1FBF, 0x1FEF, 0x1FFD, 0x1FFE, 0x2018, 0x2019,
                                    0x201B, 0x2032, 0x2035, 0xA78B, 0xA78C, 0xFF07, 0xFF40};

/// Beside those that Unicode calls dashes.
constexpr char32_t more_dashes[] = {0x02D7, 0x2043, 0x2796};

template <std::size_t n>
bool is_one_of(const char32_t (&sorted)[n], char32_t c) {
  return std::binary_search(std::begin(sorted), std::end(sorted), c);
}

char32_t arabic_form(char32_t c) {
  if (c == 0x0649 || c == 0x06CC) return 0x064A;  // alef maksura, Farsi yeh: yeh
  if (c == 0x06A9 || c == 0x06AA) return 0x0643;  // keheh, swash kaf: kaf
  return c == 0x0640 ? nothing : c;               // tatweel
}

/// What a character counts as, where NFKC_Casefold keeps it as it is.
char32_t form_of(char32_t c) {
  if (c == 0x0130 || c == 0x0131) return 'i';
  if (c < 0x80) return c == '`' ? '\'' : c;
  if (c >= 0xC0 && c < 0x2B9) return c;  // Latin letters
  if (is_one_of(apostrophes, c)) return '\'';
  const auto code = static_cast<UChar32>(c);
  if (u_hasBinaryProperty(code, UCHAR_DASH) || is_one_of(more_dashes, c)) return '-';
  if (u_charType(code) == U_DECIMAL_DIGIT_NUMBER)
    return static_cast<char32_t>('0' + u_charDigitValue(code));
  if (c >= 0xFFF9 && c <= 0xFFFB) return nothing;  // marks of annotations, which nobody sees
  return c >= 0x0640 && c < 0x0700 ? arabic_form(c) : c;
}

/// i, with a mark below or not: letters on which a dot above says nothing new.
bool has_own_dot(char32_t c) { return c == 'i' || c == 0x012F || c == 0x1E2D || c == 0x1ECB; }

template <typename Take>
void each_character(std::string_view text, Take take) {
  while (!text.empty()) take(take_character(text));
}

/// Every character's form; runs of white space as one space, none at the ends.
std::string in_forms(std::string_view text) {
  constexpr char32_t dot_above = 0x0307;
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  char32_t before = 0;
  each_character(text, [&](char32_t c) {
    if (is_blank(c)) {
      gap = !out.empty();
      before = ' ';
      return;
    }
    const char32_t form = form_of(c);
    if (form == nothing || (form == dot_above && has_own_dot(before))) return;
    if (gap) out += ' ';
    gap = false;
    append_character(out, form);
    before = form;
  });
  return out;
}

std::string nfkc_casefolded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const form = icu::Normalizer2::getNFKCCasefoldInstance(status);
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(text.size()));
  if (U_SUCCESS(status)) {
    form->normalizeUTF8(0, {text.data(), static_cast<std::int32_t>(text.size())}, sink, nullptr,
                        status);
  }
  if (U_FAILURE(status))
    fail(Code::internal, "Unicode normalisation failed: {}", u_errorName(status));
  return out;
}

/// Forms come first, too: an acute accent that stands alone is an apostrophe, and NFKC would make a
/// space and an accent of it.
std::string fold_unicode(std::string_view cell) {
  check_cell(cell);
  std::string text = in_forms(cell);
  for (int pass = 0; pass < max_passes; ++pass) {
    const std::string folded = nfkc_casefolded(text);
    text = in_forms(folded);
    if (text == folded) return text;
  }
  fail(Code::internal, "an identifier has no normal form");
}

}  // namespace

bool is_blank(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
  return c == 0x2800 || u_isUWhiteSpace(static_cast<UChar32>(c));
}

void check_cell(std::string_view cell) {
  if (cell.size() > max_bytes) {
    fail(Code::bad_input, "the identifier has {} bytes, and at most {} are compared; is it text?",
         cell.size(), max_bytes);
  }
  check_utf8(cell);
  std::size_t position = 0;
  int marks = 0;
  each_character(cell, [&](char32_t c) {
    ++position;
    if (is_control(c)) {
      fail(Code::bad_input,
           "the identifier has a control character, U+{:04X}, in place {}; remove it",
           static_cast<std::uint32_t>(c), position);
    }
    const bool mark = c >= 0x300 && (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
    marks = mark ? marks + 1 : 0;
    if (marks > max_marks) {
      fail(Code::bad_input,
           "the identifier has more than {} marks in a row, in place {}; remove them", max_marks,
           position);
    }
  });
}

std::string fold(std::string_view cell) {
  auto folded = fold_ascii(cell);
  return folded ? *std::move(folded) : fold_unicode(cell);
}

}  // namespace polder
