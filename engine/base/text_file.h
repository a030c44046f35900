// Small files, read whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace polder {

/// Reads a file of at most `max_bytes`. Throws Error not_found or bad_input naming it.
std::string read_text(const std::filesystem::path& file, std::size_t max_bytes = 1024 * 1024);

}  // namespace polder
