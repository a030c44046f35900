// The names in a file's first row, compared as people mean them: without spaces around, in any
// case, in any of Unicode's spellings, and without letters that nobody sees.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace polder {

/// The form in which names of columns are compared: NFKC_Casefold, then trimmed.
std::string folded_name(std::string_view name);

/// A name as it is shown and written: without white space and unseen characters at its ends.
std::string shown_name(std::string_view cell);

/// Position of a column. Throws Error bad_schema that lists the columns that exist, or if two are
/// called so.
std::size_t column_position(const std::vector<std::string>& names, std::string_view column,
                            std::string_view file);

/// Names between quotes with commas: 'a', 'b' (at most ten, then "and 7 more").
std::string quoted_list(std::span<const std::string> names);

}  // namespace polder
