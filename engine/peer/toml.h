// TOML 1.0 (network files, cards), read into the objects that Fields (base/json.h) checks: texts,
// whole numbers, yes or no, lists and tables. Numbers with a fraction and times are refused.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace polder {

/// `what` names the text in errors.  Throws Error bad_input, with the line, for what is no TOML or
/// of a kind that is refused, and for more than `max_bytes`.
boost::json::object parse_toml(std::string_view text, std::string_view what,
                               std::size_t max_bytes = 1024 * 1024);

/// A text as TOML writes it.
std::string toml_text(std::string_view text);

}  // namespace polder
