#include "client/identifiers/column_watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "client/identifiers/characters.h"
#include "client/identifiers/iban.h"
#include "client/identifiers/scripts.h"

namespace polder {

void ColumnWatch::Seen::add(std::size_t row) {
  if (rows++ == 0) first = row;
}

void ColumnWatch::see(std::size_t row, std::string_view cell, std::string_view normal) {
  if (normal.size() <= longest_number && all_digits(normal)) {
    ++digits_[normal.size()];
  } else if (is_misspelt_iban(normal)) {
    misspelt_iban_.add(row);
  }
  see_letters(row, cell);
}

void ColumnWatch::see_letters(std::size_t row, std::string_view cell) {
  switch (letters_of(cell)) {
    case Letters::plain:
      return;
    case Letters::foreign:
      return foreign_.add(row);
    case Letters::mixed:
      return mixed_.add(row);
    case Letters::lookalike:
      return lookalike_.add(row);
  }
}

std::string ColumnWatch::lengths_warning() const {
  if (kind_.reads_decimals) return {};  // leading zeros do not count
  const auto used = [](std::uint64_t cells) { return cells > 0; };
  const auto* const shortest = std::ranges::find_if(digits_, used);
  if (shortest == digits_.end()) return {};
  const auto longest = std::find_if(digits_.rbegin(), digits_.rend(), used).base() - 1;
  if (longest == shortest) return {};
  return fmt::format(
      "numbers have {} to {} digits: if a spreadsheet dropped zeros in front, those clients are "
      "not "
      "found",
      shortest - digits_.begin(), longest - digits_.begin());
}

std::vector<std::string> ColumnWatch::warnings() const {
  std::vector<std::string> all;
  const auto say = [&](const Seen& seen, std::string_view what) {
    if (seen.rows > 0)
      all.push_back(
          fmt::format("{} identifiers {} (the first in row {})", seen.rows, what, seen.first));
  };
  say(misspelt_iban_, "look like IBANs, but their check digits are wrong");
  say(mixed_, "mix letters of scripts that look alike, such as Latin and Cyrillic");
  if (lookalike_.rows >= foreign_.rows)
    say(lookalike_, "are in letters of another script that look like Latin ones");
  if (const std::string lengths = lengths_warning(); !lengths.empty()) all.push_back(lengths);
  return all;
}

}  // namespace polder
