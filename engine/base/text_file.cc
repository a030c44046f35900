#include "base/text_file.h"

#include <fstream>

#include "base/error.h"

namespace polder {

std::string read_text(const std::filesystem::path& file, std::size_t max_bytes) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(Code::not_found, "{}: cannot be read; check its name and rights", file.string());
  std::string text(max_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > max_bytes) {
    fail(Code::bad_input, "{}: longer than {} bytes", file.string(), max_bytes);
  }
  return text;
}

}  // namespace polder
