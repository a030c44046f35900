// Where a run is, for those who wait.
#pragma once

#include <functional>
#include <string_view>

namespace polder {

/// From 0 to 1, and what is done now; depends on public sizes only.
using Progress = std::function<void(double done, std::string_view step)>;

}  // namespace polder
