#include "client/identifiers/placeholders.h"

#include <algorithm>
#include <array>

#include "client/identifiers/characters.h"

namespace polder {
namespace {

/// Sorted. In English, Dutch, German, French and Spanish; with and without brackets and points.
constexpr auto words = std::to_array<std::string_view>(
    {"#div/0!",       "#getting_data", "#n/a",        "#n/d",
     "#name?",        "#null!",        "#num!",       "#nv",
     "#ref!",         "#spill!",       "#value!",     "#waarde!",
     "#wert!",        "(blank)",       "(empty)",     "(leeg)",
     "(n/a)",         "(none)",        "(null)",      "(unknown)",
     "-nan",          "1.#ind",        "1.#qnan",     "<empty>",
     "<n/a>",         "<na>",          "<nil>",       "<none>",
     "<null>",        "<unknown>",     "[blank]",     "[empty]",
     "[n/a]",         "[none]",        "[null]",      "\\n",
     "aucun",         "desconocido",   "empty",       "geen",
     "inconnu",       "k.a.",          "kein",        "keine",
     "keine angabe",  "leeg",          "leer",        "missing",
     "n. v. t.",      "n.a",           "n.a.",        "n.b.",
     "n.v.t",         "n.v.t.",        "n/a",         "n/a.",
     "n/b",           "n/d",           "na",          "nan",
     "nat",           "nicht bekannt", "niet bekend", "nil",
     "no data",       "no value",      "none",        "not applicable",
     "not available", "not known",     "null",        "nvt",
     "onbekend",      "onbk",          "sin dato",    "tba",
     "tbd",           "unbekannt",     "undefined",   "unk",
     "unknown",       "unspecified",   "vide"});
static_assert(std::ranges::is_sorted(words));

constexpr std::size_t longest_word = 14;

bool is_word(std::string_view text) {
  return text.size() <= longest_word && !is_digit(text.back()) &&
         std::ranges::binary_search(words, text);
}

/// 0, 000, 0000-00-00 00:00:00, -, --, ???, (), …
bool is_zeros_and_punctuation(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return c == '0' || (c > 0 && !is_digit(c) && !is_lower(c)); });
}

/// NCT00000000, X000000.
bool is_zeros_behind_letters(std::string_view text) {
  constexpr std::ptrdiff_t fewest = 5;
  if (!is_lower(text[0]) || text.back() != '0') return false;
  const auto* const zeros = std::ranges::find_if_not(text, is_lower);
  return text.end() - zeros >= fewest &&
         std::all_of(zeros, text.end(), [](char c) { return c == '0'; });
}

bool is_one_digit_again_and_again(std::string_view text) {
  constexpr std::size_t fewest = 8;
  return text.size() >= fewest && is_digit(text[0]) &&
         text.find_first_not_of(text[0]) == std::string_view::npos;
}

bool is_x_again_and_again(std::string_view text) {
  return text.size() >= 2 && text.find_first_not_of('x') == std::string_view::npos;
}

bool counts_up(std::string_view text) {
  return text == "123456789" || text == "1234567890" || text == "0123456789";
}

}  // namespace

bool is_placeholder(std::string_view folded) {
  if (folded.empty()) return false;
  return is_zeros_and_punctuation(folded) || is_one_digit_again_and_again(folded) ||
         is_zeros_behind_letters(folded) || is_x_again_and_again(folded) || counts_up(folded) ||
         is_word(folded);
}

}  // namespace polder
