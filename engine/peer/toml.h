// TOML that strangers may have written, read into the objects that Fields (store/json.h) checks.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

namespace polder {

/// Tables, arrays, texts and whole numbers. `what` names the text in errors.  Throws Error
/// bad_input, with the line, for what is no TOML, longer than `max_bytes`, or of another type.
boost::json::object parse_toml(std::string_view text, std::string_view what,
                               std::size_t max_bytes = 1024 * 1024);

}  // namespace polder
