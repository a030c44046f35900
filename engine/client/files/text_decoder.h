// The bytes of a file as UTF-8 text without byte order marks, whichever Unicode encoding they are
// in; what is no text is refused by its name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/memory.h"

struct UConverter;

namespace polder {

class TextDecoder {
 public:
  using Take = std::function<void(std::span<const std::uint8_t> utf8)>;

  /// `file`: its name in errors.
  explicit TextDecoder(std::string file);
  ~TextDecoder();
  TextDecoder(const TextDecoder&) = delete;
  TextDecoder& operator=(const TextDecoder&) = delete;

  /// Takes the next bytes, of any number, and hands on text. UTF-8 is not checked here. Throws
  /// Error bad_input: no text, or not the UTF-16 that its start promised; and what `take` throws.
  void feed(std::span<const std::uint8_t> bytes, const Take& take);
  void finish(const Take& take);

  /// As people are told: "UTF-8", "UTF-8 with byte order mark", "UTF-16".
  std::string_view encoding() const { return encoding_; }

  /// Of byte order marks, left out of UTF-8.
  std::size_t mark_bytes() const { return mark_bytes_; }

 private:
  void begin(const Take& take);
  void convert(std::span<const std::uint8_t> bytes, bool last, const Take& take);

  struct Conversion;  // from UTF-16

  const std::string file_;
  Bytes head_;
  bool begun_ = false;
  std::string_view encoding_ = "UTF-8";
  std::size_t mark_bytes_ = 0;
  std::unique_ptr<Conversion> conversion_;
};

}  // namespace polder
