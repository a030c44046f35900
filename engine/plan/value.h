// Values as people write them, and as they are stored: "12.50" of a decimal(2) is 1250, "Delft" of
// a category the number of its label, "2026-03-01" the day's number.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/memory.h"
#include "plan/type.h"

namespace polder {

/// What is stored, lowest word first: of a number its 64 bits with sign, of text its characters,
/// the first one highest, so that their order is the texts'.
/// Throws Error bad_input that says what is wrong with it, and never the value.
Words stored_value(const Type& type, std::string_view text);

/// The one text of a stored value.
std::string value_text(const Type& type, std::span<const std::uint64_t> stored);

}  // namespace polder
