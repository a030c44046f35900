#include "client/files/file_kind.h"

#include <unicode/ucsdet.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/error.h"

namespace polder {
namespace {

using namespace std::string_view_literals;

struct Kind {
  std::string_view start;
  std::string_view what;  // the end of "FILE …"
};

constexpr std::string_view unpack = "; unpack it and give the file inside";
constexpr std::string_view save_as_csv = "; save it as CSV UTF-8 and give that file";

constexpr std::array kinds = {
    Kind{"\x1F\x8B"sv, "is compressed with gzip"},
    Kind{"BZh"sv, "is compressed with bzip2"},
    Kind{"\xFD\x37zXZ\0"sv, "is compressed with xz"},
    Kind{"\x28\xB5\x2F\xFD"sv, "is compressed with zstd"},
    Kind{"7z\xBC\xAF\x27\x1C"sv, "is a 7-Zip archive"},
    Kind{"Rar!"sv, "is a RAR archive"},
};
constexpr std::array documents = {
    Kind{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "is an Excel workbook (or another Office document)"},
    Kind{"%PDF-"sv, "is a PDF document"},
    Kind{"{\\rtf"sv, "is a Word document (RTF)"},
};
constexpr std::array stores = {
    Kind{"PAR1"sv, "is a Parquet file; export it as CSV UTF-8"},
    Kind{"ARROW1"sv, "is an Arrow file; export it as CSV UTF-8"},
    Kind{"SQLite format 3"sv, "is an SQLite database; export a table as CSV UTF-8"},
    Kind{"\xFF\xFE\0\0"sv, "is UTF-32 text; save it as CSV UTF-8"},
    Kind{"\0\0\xFE\xFF"sv, "is UTF-32 text; save it as CSV UTF-8"},
    Kind{"-----BEGIN "sv, "is a key, certificate or encrypted message"},
};

/// Whether a text starts with words in lower case, in any case.
bool starts_caseless(std::string_view text, std::string_view words) {
  return text.size() >= words.size() &&
         std::equal(words.begin(), words.end(), text.begin(), [](char word, char c) {
           return word == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
         });
}

std::optional<std::string> zip(std::string_view head) {
  if (!head.starts_with("PK\x03\x04") && !head.starts_with("PK\x05\x06")) return {};
  if (head.find("opendocument.spreadsheet") != head.npos)
    return fmt::format("is a LibreOffice spreadsheet{}", save_as_csv);
  const bool office = head.find("[Content_Types].xml") != head.npos ||
                      head.find("_rels/") != head.npos || head.find("xl/") != head.npos ||
                      head.find("docProps/") != head.npos;
  return office ? fmt::format("is an Excel workbook (or another Office document){}", save_as_csv)
                : fmt::format("is a zip archive{}", unpack);
}

std::optional<std::string> markup(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  for (const auto words : {"<!doctype html"sv, "<html"sv, "<head"sv, "<table"sv, "<meta"sv}) {
    if (starts_caseless(text, words))
      return "is a web page (HTML): perhaps a log-in or error page, or a table called .xls; export "
             "it again as CSV";
  }
  if (starts_caseless(text, "<?xml")) return "is an XML file; export it again as CSV";
  if (starts_caseless(text, "<!doctype")) return "is an XML or HTML file; export it again as CSV";
  const std::size_t next = text.find_first_not_of(" \t\r\n", 1);
  const bool object =
      text.starts_with('{') && next != text.npos && (text[next] == '"' || text[next] == '}');
  const bool list = text.starts_with('[') && next != text.npos &&
                    (text[next] == '{' || text[next] == '[' || text[next] == '"');
  if (object || list) return "is a JSON file; export it again as CSV";
  return {};
}

/// Whether a text too short to tell more is mostly ASCII, with some letters of Windows' Western
/// page.
bool is_western(std::string_view text) {
  constexpr std::string_view unused = "\x81\x8D\x8F\x90\x9D";
  const auto high = std::ranges::count_if(text, [](char c) { return (c & 0x80) != 0; });
  return 2 * static_cast<std::size_t>(high) <= text.size() &&
         text.find_first_of(unused) == text.npos;
}

}  // namespace

std::optional<std::string> not_csv(std::span<const std::uint8_t> head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  for (const Kind& kind : kinds) {
    if (text.starts_with(kind.start)) return fmt::format("{}{}", kind.what, unpack);
  }
  for (const Kind& kind : documents) {
    if (text.starts_with(kind.start)) return fmt::format("{}{}", kind.what, save_as_csv);
  }
  for (const Kind& kind : stores) {
    if (text.starts_with(kind.start)) return std::string(kind.what);
  }
  if (auto found = zip(text)) return found;
  return markup(text);
}

EncodedAs encoded_as(std::span<const std::uint8_t> head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  if (text.starts_with("\xFF\xFE")) return {TextEncoding::utf16_le, 2};
  if (text.starts_with("\xFE\xFF")) return {TextEncoding::utf16_be, 2};
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  EncodedAs utf8;
  while (text.substr(utf8.mark_bytes).starts_with(mark)) utf8.mark_bytes += mark.size();
  if (utf8.mark_bytes > 0 || text.size() < 4 || text.find('\0') == text.npos) return utf8;

  // Without a mark: Latin text has a zero in every other byte of UTF-16.
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < text.size(); ++i) zeros[i % 2] += text[i] == '\0';
  const std::size_t half = text.size() / 2, most = half - half / 10, few = half / 10;
  if (zeros[1] >= most && zeros[0] <= few) return {TextEncoding::utf16_le, 0};
  if (zeros[0] >= most && zeros[1] <= few) return {TextEncoding::utf16_be, 0};
  return utf8;
}

std::string likely_encoding(std::string_view text) {
  constexpr int unsure = 20;  // percent
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status),
                                                                            ucsdet_close);
  ucsdet_setText(detector.get(), text.data(), static_cast<int32_t>(text.size()), &status);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &status);
  if (U_FAILURE(status) || match == nullptr || ucsdet_getConfidence(match, &status) < unsure)
    return is_western(text) ? "windows-1252" : "";
  const std::string_view name = ucsdet_getName(match, &status);
  if (U_FAILURE(status) || name.starts_with("UTF")) return {};
  // The pages of Windows hold the letters of ISO 8859 and more; Western exports are of Windows.
  return name == "ISO-8859-1" ? "windows-1252" : std::string(name);
}

}  // namespace polder
