#include "client/identifiers/scripts.h"

#include <unicode/uscript.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "client/identifiers/utf8.h"

namespace polder {
namespace {

struct CloseSpoofChecker {
  void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};

/// Made once: nothing in it changes.
const USpoofChecker* checker() {
  static const std::unique_ptr<USpoofChecker, CloseSpoofChecker> made = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<USpoofChecker, CloseSpoofChecker> opened(uspoof_open(&status));
    if (U_FAILURE(status)) fail(Code::internal, "no table of lookalikes: {}", u_errorName(status));
    return opened;
  }();
  return made.get();
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool looks_like_ascii(std::string_view cell) {
  UErrorCode status = U_ZERO_ERROR;
  std::string skeleton(4 * cell.size() + 64, '\0');
  const std::int32_t size =
      uspoof_getSkeletonUTF8(checker(), 0, cell.data(), static_cast<std::int32_t>(cell.size()),
                             skeleton.data(), static_cast<std::int32_t>(skeleton.size()), &status);
  if (U_FAILURE(status)) return false;  // longer than any that looks like ASCII
  return is_ascii(std::string_view(skeleton).substr(0, static_cast<std::size_t>(size)));
}

/// Which of the scripts with letters that look alike a text has.
struct Scripts {
  bool latin = false, greek = false, cyrillic = false, armenian = false, cherokee = false;
  bool others = false;

  int alike() const { return latin + greek + cyrillic + armenian + cherokee; }
};

Scripts scripts_of(std::string_view text) {
  Scripts found;
  while (!text.empty()) {
    const auto c = static_cast<UChar32>(take_character(text));
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(c, &status)) {
      case USCRIPT_COMMON:
      case USCRIPT_INHERITED:
        break;
      case USCRIPT_LATIN:
        found.latin = true;
        break;
      case USCRIPT_GREEK:
        found.greek = true;
        break;
      case USCRIPT_CYRILLIC:
        found.cyrillic = true;
        break;
      case USCRIPT_ARMENIAN:
        found.armenian = true;
        break;
      case USCRIPT_CHEROKEE:
        found.cherokee = true;
        break;
      default:
        found.others = true;
    }
  }
  return found;
}

}  // namespace

Letters letters_of(std::string_view cell) {
  if (is_ascii(cell)) return Letters::plain;
  const Scripts scripts = scripts_of(cell);
  if (scripts.alike() > 1) return Letters::mixed;
  if (scripts.alike() == scripts.latin) return scripts.others ? Letters::foreign : Letters::plain;
  return looks_like_ascii(cell) ? Letters::lookalike : Letters::foreign;
}

}  // namespace polder
