// How a long use of the client says how far it is.
#pragma once

#include <functional>
#include <string_view>

namespace polder {

/// Called from any thread with what is being done and how far it is, 0 to 1. Must not throw.
using OnProgress = std::function<void(std::string_view stage, double done)>;

inline void report(const OnProgress& progress, std::string_view stage, double done) {
  if (progress) progress(stage, done);
}

}  // namespace polder
