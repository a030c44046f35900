// The version that nodes must share to compute together.
#pragma once

#include <string_view>

namespace polder {

inline constexpr std::string_view version = "0.1.0";

}  // namespace polder
