// The form in which identifiers are compared: two spellings of one client must give the same bytes,
// two clients must not.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// Unicode NFKC, full case folding, NFKC again; white space trimmed, inner runs of it one space; a
/// value that is an IBAN once its spaces are gone loses them. UTF-8 in and out. Applying it twice
/// changes nothing. Source: Unicode Standard 3.13 (compatibility caseless matching).
std::string normalise(std::string_view cell);

/// Whether a normalised value without spaces is an IBAN: country, check digits that are right mod
/// 97, 11 to 30 further letters and digits. Source: ISO 13616-1, ISO 7064 MOD 97-10.
bool is_iban(std::string_view value);

/// Appends one part of a key so that different lists of parts never give the same bytes: its length
/// (4 bytes, little-endian), then itself.
void append_key_part(std::string& key, std::string_view normalised);

}  // namespace polder
