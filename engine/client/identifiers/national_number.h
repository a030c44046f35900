// Numbers that states give to people, each with its check digits. All refuse, by Error bad_input,
// what is of another length or has check digits that do not fit.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// Netherlands, burgerservicenummer: 9 digits, or 8 before which a 0 was lost; the eleven test.
std::string bsn_form(std::string_view folded);

/// Spain: 8 digits and a letter (DNI), or x, y or z, 7 digits and a letter (NIE); modulo 23.
std::string dni_form(std::string_view folded);

/// France, numéro d'inscription au répertoire: 13 signs, 2 of check digits modulo 97.
std::string nir_form(std::string_view folded);

/// Poland: 11 digits, the last by the weights 1, 3, 7, 9.
std::string pesel_form(std::string_view folded);

/// Belgium, rijksregisternummer: 11 digits, the last two modulo 97.
std::string rrn_form(std::string_view folded);

/// Germany, Steuer-Identifikationsnummer: 11 digits, the last by ISO 7064 MOD 11,10.
std::string steuer_id_form(std::string_view folded);

}  // namespace polder
