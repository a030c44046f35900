#include "client/identifiers/date.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "client/identifiers/characters.h"

namespace polder {
namespace {

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};

[[noreturn]] void refuse(std::string_view what) {
  fail(Code::bad_input, "{}; write dates as 1980-02-01", what);
}

bool is_midnight(std::string_view time) {
  if (time.ends_with(" utc")) time.remove_suffix(4);
  if (time.ends_with("z")) time.remove_suffix(1);
  if (time.ends_with("+00:00")) time.remove_suffix(6);
  if (time.starts_with("12:00") && time.ends_with(" am")) {
    time.remove_prefix(2);
    time.remove_suffix(3);
  }
  return time.find_first_not_of("0:. ") == std::string_view::npos;
}

/// The date of a date with a time: years, days and months have no colon.
std::string_view without_time(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return text;
  const std::size_t gap = text.find_last_of(" t", colon);
  if (gap == std::string_view::npos) refuse("not a date");
  if (!is_midnight(text.substr(gap + 1))) refuse("a date with a time of the day is none");
  return text.substr(0, gap);
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("-/., "), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

int number(std::string_view part, std::size_t max_digits) {
  if (part.empty() || part.size() > max_digits || !all_digits(part)) refuse("not a date");
  int value = 0;
  for (const char c : part) value = 10 * value + (c - '0');
  return value;
}

int month_number(std::string_view part) {
  if (is_digit(part[0])) return number(part, 2);
  const bool short_form = part.size() == 3 || part == "sept";
  const auto* const found = std::ranges::find_if(months, [&](std::string_view name) {
    return name == part || (short_form && name.starts_with(part));
  });
  if (found == months.end()) refuse("not a date, or its month is not in English");
  return static_cast<int>(found - months.begin()) + 1;
}

int days_in(int month, int year) {
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

std::string written(std::string_view year_part, std::string_view month_part,
                    std::string_view day_part) {
  if (year_part.size() != 4) refuse("a year has four digits");
  const int year = number(year_part, 4), month = month_number(month_part);
  const int day = number(day_part, 2);
  if (month > 12 && day <= 12) refuse("the month comes before the day");
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(month, year))
    refuse("there is no such date");
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

}  // namespace

std::string date_form(std::string_view folded) {
  const std::string_view date = without_time(folded);
  const std::vector<std::string_view> parts = parts_of(date);
  if (parts.size() == 1 && date.size() == 8 && all_digits(date))
    return written(date.substr(0, 4), date.substr(4, 2), date.substr(6));
  if (parts.size() == 1 && all_digits(parts[0]))
    refuse("a number, perhaps a spreadsheet's for a day, is no date");
  if (parts.size() != 3) refuse("not a date of year, month and day");
  if (parts[0].size() == 4 && is_digit(parts[0][0])) return written(parts[0], parts[1], parts[2]);
  if (is_lower(parts[0][0])) return written(parts[2], parts[0], parts[1]);
  return written(parts[2], parts[1], parts[0]);
}

}  // namespace polder
