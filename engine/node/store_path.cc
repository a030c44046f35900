#include "node/store_path.h"

#include <algorithm>

namespace polder {
namespace {

bool belongs_to_a_path(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
         c == '.' || c == '-' || c == '_';
}

}  // namespace

std::string without_paths(std::string_view text, const std::filesystem::path& folder) {
  constexpr std::string_view instead = "a file of this node's store";
  const std::string own = (folder / "").string();
  std::string out;
  for (std::size_t at = text.find(own); at != std::string_view::npos; at = text.find(own)) {
    out += text.substr(0, at);
    out += instead;
    text.remove_prefix(at + own.size());
    const auto* const end = std::ranges::find_if_not(text, belongs_to_a_path);
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
  return out.append(text);
}

}  // namespace polder
