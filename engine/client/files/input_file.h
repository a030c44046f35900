// Reads a file that somebody may still be writing to: either all that was read is one version of
// it, or an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace polder {

struct InputFileHandlers {
  std::function<void(std::span<const std::uint8_t> bytes)> bytes;
  std::function<void(std::size_t done, std::size_t total)> progress = {};  // in bytes; may be empty
};

/// Hands over all bytes of a regular file in pieces, then reads it once more and compares: size,
/// time and identity of the file and the hash of its bytes must not have changed. Throws Error
/// not_found, forbidden or bad_input, each naming the file and the remedy.
void read_input_file(const std::string& path, const InputFileHandlers& handlers);

}  // namespace polder
