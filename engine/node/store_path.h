// What an error says to others: its own words, without where this node keeps its files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace polder {

/// `text` with every path below `folder` written as "a file of this node's store".
std::string without_paths(std::string_view text, const std::filesystem::path& folder);

}  // namespace polder
