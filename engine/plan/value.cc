#include "plan/value.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/bits.h"
#include "base/error.h"

namespace polder {
namespace {

namespace chrono = std::chrono;

constexpr std::array<int, 4> character_bits = {7, 9, 16, 21};
constexpr std::array<std::uint32_t, 4> last_character = {0x7f, 0x17f, 0xffff, 0x10ffff};
constexpr std::array<std::int64_t, 3> ticks_a_second = {1, 1000, 1'000'000};
constexpr std::int64_t seconds_a_day = 86'400;

std::int64_t whole(std::string_view digits, std::string_view what) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
  if (error == std::errc::result_out_of_range) fail(Code::bad_input, "the number is too large");
  if (error != std::errc() || end != digits.end() || digits == "-0")
    fail(Code::bad_input, "not {}", what);
  return number;
}

/// So many digits of it, all of them digits.
std::int64_t digits(std::string_view text, std::size_t first, std::size_t count,
                    std::string_view what) {
  const std::string_view part = text.substr(std::min(first, text.size()), count);
  if (part.size() != count || part.find_first_not_of("0123456789") != std::string_view::npos)
    fail(Code::bad_input, "not {}", what);
  return whole(part, what);
}

/// value 10^scale.
std::int64_t decimal(std::string_view text, int scale) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view before = text.substr(0, point);
  const std::string_view after =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  constexpr std::string_view what = "a decimal number, like 12.50";
  if (before.empty() || (point != std::string_view::npos && after.empty()))
    fail(Code::bad_input, "not {}", what);
  if (after.size() > static_cast<std::size_t>(scale))
    fail(Code::bad_input, "more than {} decimals; round it, or declare more", scale);
  std::string all;
  for (const std::string_view part : {before, after}) {
    if (!part.empty()) digits(part, 0, part.size(), what);
    all += part;
  }
  all.append(static_cast<std::size_t>(scale) - after.size(), '0');
  const std::int64_t value = whole(all, what);
  return negative ? -value : value;
}

std::string decimal_text(std::int64_t stored, int scale) {
  const std::string sign = stored < 0 ? "-" : "";
  std::string all = text_of(stored < 0 ? -Int128{stored} : Int128{stored});
  if (scale == 0) return sign + all;
  const auto after = static_cast<std::size_t>(scale);
  if (all.size() <= after) all.insert(0, after + 1 - all.size(), '0');
  return sign + all.substr(0, all.size() - after) + "." + all.substr(all.size() - after);
}

std::int64_t days(std::string_view text) {
  constexpr std::string_view what = "a date like 2026-03-01";
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') fail(Code::bad_input, "not {}", what);
  const chrono::year_month_day day{chrono::year(static_cast<int>(digits(text, 0, 4, what))),
                                   chrono::month(static_cast<unsigned>(digits(text, 5, 2, what))),
                                   chrono::day(static_cast<unsigned>(digits(text, 8, 2, what)))};
  if (!day.ok()) fail(Code::bad_input, "there is no such day");
  return chrono::sys_days(day).time_since_epoch().count();
}

std::string days_text(std::int64_t number) {
  const chrono::year_month_day day{chrono::sys_days(chrono::days(number))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::int64_t floor_divide(std::int64_t x, std::int64_t y) { return x / y - (x % y < 0); }

std::int64_t ticks(std::string_view text, Unit unit) {
  constexpr std::string_view what = "a time like 2026-03-01T12:30:00, in UTC";
  const std::int64_t a_second = ticks_a_second[static_cast<std::size_t>(unit)];
  if (text.size() < 19 || text[10] != 'T' || text[13] != ':' || text[16] != ':')
    fail(Code::bad_input, "not {}", what);
  const std::int64_t hour = digits(text, 11, 2, what), minute = digits(text, 14, 2, what),
                     second = digits(text, 17, 2, what);
  if (hour > 23 || minute > 59 || second > 59) fail(Code::bad_input, "there is no such time");
  const std::int64_t seconds =
      days(text.substr(0, 10)) * seconds_a_day + hour * 3600 + minute * 60 + second;
  const std::string_view fraction = text.substr(19);
  if (fraction.empty()) return seconds * a_second;
  const auto places = static_cast<std::size_t>(std::lround(std::log10(a_second)));
  if (fraction[0] != '.' || fraction.size() != places + 1) fail(Code::bad_input, "not {}", what);
  return seconds * a_second + digits(fraction, 1, places, what);
}

std::string ticks_text(std::int64_t stored, Unit unit) {
  const std::int64_t a_second = ticks_a_second[static_cast<std::size_t>(unit)];
  const std::int64_t seconds = floor_divide(stored, a_second), rest = stored - seconds * a_second;
  const std::int64_t day = floor_divide(seconds, seconds_a_day),
                     left = seconds - day * seconds_a_day;
  std::string text =
      fmt::format("{}T{:02}:{:02}:{:02}", days_text(day), left / 3600, left / 60 % 60, left % 60);
  if (rest != 0) text += fmt::format(".{:0{}}", rest, unit == Unit::ms ? 3 : 6);
  return text;
}

/// The next character of UTF-8 that was checked, or must be.
std::uint32_t next_character(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const bool is_lead = lead < 0x80 || (lead >= 0xc2 && lead <= 0xf4);
  if (!is_lead || text.size() < size) fail(Code::bad_input, "not UTF-8");
  std::uint32_t character = size == 1 ? lead : lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) fail(Code::bad_input, "not UTF-8");
    character = character << 6 | (byte & 0x3fu);
  }
  text.remove_prefix(size);
  return character;
}

void append(std::string& text, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xe0 | c >> 12);
    } else {
      put(0xf0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3f));
    }
    put(0x80 | (c >> 6 & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

void put_bits(Words& words, int first, int count, std::uint64_t value) {
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(first + i);
    words[at / 64] |= (value >> i & 1) << at % 64;
  }
}

std::uint64_t get_bits(std::span<const std::uint64_t> words, int first, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(first + i);
    value |= (words[at / 64] >> at % 64 & 1) << i;
  }
  return value;
}

Words characters(const Type& type, std::string_view text) {
  const auto alphabet = static_cast<std::size_t>(type.alphabet);
  const int bits = character_bits[alphabet];
  Words words(words_for_bits(static_cast<std::size_t>(type.width())), 0);
  for (int place = type.length - 1; !text.empty(); --place) {
    if (place < 0)
      fail(Code::bad_input, "more than {} characters; declare a longer text", type.length);
    const std::uint32_t character = next_character(text);
    if (character == 0 || character > last_character[alphabet])
      fail(Code::bad_input, "a character outside the declared alphabet");
    put_bits(words, place * bits, bits, character);
  }
  return words;
}

std::string characters_text(const Type& type, std::span<const std::uint64_t> stored) {
  const int bits = character_bits[static_cast<std::size_t>(type.alphabet)];
  std::string text;
  for (int place = type.length - 1; place >= 0; --place) {
    const std::uint64_t character = get_bits(stored, place * bits, bits);
    if (character == 0) break;
    append(text, static_cast<std::uint32_t>(character));
  }
  return text;
}

std::int64_t label_number(const Type& type, std::string_view text) {
  for (std::size_t i = 0; i < type.labels.size(); ++i) {
    if (type.labels[i] == text) return static_cast<std::int64_t>(i);
  }
  fail(Code::bad_input, "not one of the category's {} labels", type.labels.size());
}

std::int64_t number(const Type& type, std::string_view text) {
  switch (type.kind) {
    case TypeKind::decimal:
      return decimal(text, type.scale);
    case TypeKind::fixed: {
      double value = 0;
      const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
      const double stored = std::floor(std::ldexp(value, type.scale));
      if (error != std::errc() || end != text.end() || !(std::abs(stored) <= 0x1p62))
        fail(Code::bad_input, "not a number that fits");
      return static_cast<std::int64_t>(stored);
    }
    case TypeKind::boolean:
      if (text == "true" || text == "false") return text == "true";
      fail(Code::bad_input, "not true or false");
    case TypeKind::category:
      return label_number(type, text);
    case TypeKind::date:
      return days(text);
    case TypeKind::datetime:
      return ticks(text, type.unit);
    default:
      return whole(text, "a whole number");
  }
}

}  // namespace

Words stored_value(const Type& type, std::string_view text) {
  if (type.kind == TypeKind::string) return characters(type, text);
  if (!type.is_stored_number())
    fail(Code::bad_input, "a value of type {} has no text", type.text());
  const std::int64_t value = number(type, text);
  if (!type.bounds.contains(value)) fail(Code::bad_input, "outside the declared bounds");
  return Words(1, static_cast<std::uint64_t>(value));
}

std::string value_text(const Type& type, std::span<const std::uint64_t> stored) {
  if (type.kind == TypeKind::string) return characters_text(type, stored);
  const auto value = static_cast<std::int64_t>(stored[0]);
  switch (type.kind) {
    case TypeKind::decimal:
      return decimal_text(value, type.scale);
    case TypeKind::fixed:
      return fmt::format("{}", std::ldexp(static_cast<double>(value), -type.scale));
    case TypeKind::boolean:
      return value != 0 ? "true" : "false";
    case TypeKind::category:
      return type.labels.at(stored[0]);
    case TypeKind::date:
      return days_text(value);
    case TypeKind::datetime:
      return ticks_text(value, type.unit);
    default:
      return std::to_string(value);
  }
}

}  // namespace polder
