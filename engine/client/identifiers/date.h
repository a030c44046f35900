// Dates: of birth, mostly.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace polder {

/// YYYY-MM-DD from year, month, day; or day, month, year; or with the month's English name; a time
/// of midnight goes.  Throws Error bad_input if it is none, among others for two digits of a year,
/// month before day where that can be seen, and a spreadsheet's day number.
std::string date_form(std::string_view folded);

/// Dates that programs write for none.
inline constexpr std::array<std::string_view, 6> filler_dates{
    "0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "9999-12-31"};

}  // namespace polder
