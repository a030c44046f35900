// The part of TOML 1.0 that network files and cards are written in, read into the objects that
// Fields (store/json.h) checks: comments, keys of letters, texts in "…" or """…""", whole numbers,
// [[tables]]. All else is refused by name of its line.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

namespace polder {

/// `what` names the text in errors.  Throws Error bad_input, with the line, for what is not of that
/// part, a key that comes twice, or more than `max_bytes`.
boost::json::object parse_toml(std::string_view text, std::string_view what,
                               std::size_t max_bytes = 1024 * 1024);

/// A text as TOML writes it.
std::string toml_text(std::string_view text);

}  // namespace polder
