// Checks on raw text before anything else looks at it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace polder {

enum class TextFault { nul, invalid_utf8 };

/// Looks for the first byte that may not be in a text file, over any number of pieces.
class TextCheck {
 public:
  struct Finding {
    TextFault fault;
    std::size_t position;  // in this piece, of the byte that shows it
    std::size_t begun;     // bytes of a broken character before that one
  };

  /// The first fault in the next piece of the text. Strict UTF-8: no overlong forms, no surrogates,
  /// nothing above U+10FFFF.
  std::optional<Finding> feed(std::span<const std::uint8_t> piece);

  /// Whether the text ends within a character.
  bool unfinished() const { return missing_ > 0; }

 private:
  bool accept(std::uint8_t byte);
  bool begin(std::uint8_t byte);

  int missing_ = 0;                        // continuation bytes still to come
  std::size_t begun_ = 0;                  // bytes of this character taken
  std::uint8_t low_ = 0x80, high_ = 0xBF;  // what the next of them may be
};

}  // namespace polder
