// What a file is by its first bytes, so that what is no CSV text is refused by its name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace polder {

/// As much of a file's beginning as tells its kind.
inline constexpr std::size_t kind_bytes = 1024;

/// What a file that is no CSV text is and what to do with it, as the end of "FILE …"; nothing for
/// what may be CSV text.
std::optional<std::string> not_csv(std::span<const std::uint8_t> head);

enum class TextEncoding { utf8, utf16_le, utf16_be };

/// The encoding of a text, and how many byte order marks are in front of it: files joined by hand
/// have two.
struct EncodedAs {
  TextEncoding encoding = TextEncoding::utf8;
  std::size_t mark_bytes = 0;
};
EncodedAs encoded_as(std::span<const std::uint8_t> head);

/// The likely name of an encoding other than UTF-8, from a stretch of text; empty if it is not
/// clear.
std::string likely_encoding(std::string_view text);

}  // namespace polder
