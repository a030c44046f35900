#include "store/member_name.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uspoof.h>

#include <memory>

#include "base/error.h"
#include "base/json.h"

namespace polder {
namespace {

icu::UnicodeString unicode(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
}

bool is_invisible(UChar32 c) {
  constexpr uint32_t unseen =
      U_GC_CF_MASK | U_GC_CC_MASK | U_GC_CO_MASK | U_GC_CN_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
  const bool odd_space = c != ' ' && u_charType(c) == U_SPACE_SEPARATOR;
  return odd_space || (U_MASK(u_charType(c)) & unseen) != 0 ||
         u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/// Names that look alike have the same one.
icu::UnicodeString skeleton(std::string_view name) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<USpoofChecker, decltype(&uspoof_close)> checker(uspoof_open(&error),
                                                                        &uspoof_close);
  icu::UnicodeString out;
  uspoof_getSkeletonUnicodeString(checker.get(), 0, unicode(name).foldCase(), out, &error);
  require(U_SUCCESS(error), "ICU has its table of look-alikes");
  return out;
}

}  // namespace

void check_visible_name(std::string_view name, std::string_view what) {
  check_name(name, what);
  if (name.starts_with(' ') || name.ends_with(' ')) {
    fail(Code::bad_input, "{}: '{}' has a space at an end; leave it out", what, name);
  }
  const icu::UnicodeString text = unicode(name);
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    if (is_invisible(text.char32At(i))) {
      fail(Code::bad_input, "{}: has the invisible character U+{:04X}; leave it out", what,
           text.char32At(i));
    }
  }
  UErrorCode error = U_ZERO_ERROR;
  const auto* const nfc = icu::Normalizer2::getNFCInstance(error);
  require(U_SUCCESS(error), "ICU has its form NFC");
  if (!nfc->isNormalized(text, error)) {
    fail(Code::bad_input, "{}: '{}' is not in Unicode's form NFC; type its letters anew", what,
         name);
  }
}

bool look_alike(std::string_view a, std::string_view b) {
  return a != b && skeleton(a) == skeleton(b);
}

}  // namespace polder
