// Work split over the processor's cores.
#pragma once

#include <cstddef>
#include <functional>

namespace polder {

/// Calls part(begin, end) for ranges that together are [0, count), each but the last a multiple of
/// `grain` long, and returns when all are done. Threads are shared by the whole process: whoever
/// finds no core free does the work alone. Which ranges there are depends on public counts only.
/// Throws what a part threw first.
void parallel_ranges(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t begin, std::size_t end)>& part);

}  // namespace polder
