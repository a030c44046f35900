#include "client/files/header.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "base/error.h"

namespace polder {
namespace {

/// White space of any kind, and what shows nothing: byte order marks, joiners, marks of direction.
bool is_unseen(UChar32 c) {
  return u_isUWhiteSpace(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
         u_iscntrl(c);
}

icu::UnicodeString trimmed(const icu::UnicodeString& text) {
  int32_t begin = 0, end = text.length();
  while (begin < end && is_unseen(text.char32At(begin))) begin = text.moveIndex32(begin, 1);
  while (begin < end && is_unseen(text.char32At(text.moveIndex32(end, -1))))
    end = text.moveIndex32(end, -1);
  return text.tempSubStringBetween(begin, end);
}

icu::UnicodeString unicode_of(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
}

std::string utf8_of(const icu::UnicodeString& text) {
  std::string out;
  return text.toUTF8String(out);
}

}  // namespace

std::string folded_name(std::string_view name) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::UnicodeString folded = fold->normalize(unicode_of(name), status);
  if (U_FAILURE(status))
    fail(Code::internal, "Unicode normalisation failed: {}", u_errorName(status));
  return utf8_of(trimmed(folded));
}

std::string shown_name(std::string_view cell) { return utf8_of(trimmed(unicode_of(cell))); }

std::size_t column_position(const std::vector<std::string>& names, std::string_view column,
                            std::string_view file) {
  const std::string wanted = folded_name(column);
  const auto is_it = [&](const std::string& name) { return folded_name(name) == wanted; };
  const auto found = std::ranges::find_if(names, is_it);
  if (found == names.end()) {
    std::vector<std::string> named;
    std::ranges::copy_if(names, std::back_inserter(named),
                         [](auto& name) { return !name.empty(); });
    fail(Code::bad_schema, "{}: there is no column '{}'; the columns are {}", file, column,
         quoted_list(named));
  }
  if (std::find_if(found + 1, names.end(), is_it) != names.end())
    fail(Code::bad_schema, "{}: the header names column '{}' twice; rename or remove one", file,
         column);
  return static_cast<std::size_t>(found - names.begin());
}

std::string quoted_list(std::span<const std::string> names) {
  constexpr std::size_t shown = 10;
  std::string list;
  for (const std::string& item : names.first(std::min(names.size(), shown))) {
    list += fmt::format("{}'{}'", list.empty() ? "" : ", ", item);
  }
  if (names.size() > shown) list += fmt::format(" and {} more", names.size() - shown);
  return list;
}

}  // namespace polder
