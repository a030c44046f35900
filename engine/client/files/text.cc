#include "client/files/text.h"

namespace polder {
namespace {

/// Whether every byte is ASCII other than NUL; written so that the compiler vectorises it.
bool plain(std::span<const std::uint8_t> bytes) {
  bool odd = false;
  for (const std::uint8_t byte : bytes) odd |= static_cast<std::uint8_t>(byte - 1) >= 0x7F;
  return !odd;
}

}  // namespace

bool TextCheck::begin(std::uint8_t byte) {
  low_ = 0x80;
  high_ = 0xBF;
  begun_ = 0;
  if (byte < 0x80) return true;
  if (byte < 0xC2 || byte > 0xF4) return false;
  begun_ = 1;
  missing_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  if (byte == 0xE0) low_ = 0xA0;   // shorter forms exist
  if (byte == 0xED) high_ = 0x9F;  // surrogates
  if (byte == 0xF0) low_ = 0x90;
  if (byte == 0xF4) high_ = 0x8F;  // above U+10FFFF
  return true;
}

bool TextCheck::accept(std::uint8_t byte) {
  if (missing_ == 0) return begin(byte);
  if (byte < low_ || byte > high_) return false;
  --missing_;
  ++begun_;
  low_ = 0x80;
  high_ = 0xBF;
  return true;
}

std::optional<TextCheck::Finding> TextCheck::feed(std::span<const std::uint8_t> piece) {
  constexpr std::size_t block = 64;
  for (std::size_t i = 0; i < piece.size();) {
    if (missing_ == 0 && i + block <= piece.size() && plain(piece.subspan(i, block))) {
      i += block;
      continue;
    }
    if (piece[i] == 0) return Finding{TextFault::nul, i, 0};
    if (!accept(piece[i])) return Finding{TextFault::invalid_utf8, i, missing_ > 0 ? begun_ : 0};
    ++i;
  }
  return {};
}

}  // namespace polder
