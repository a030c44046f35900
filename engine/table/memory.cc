#include "table/memory.h"

#include <algorithm>
#include <limits>

#include "base/bits.h"

namespace polder {
namespace {

/// Sums that no plan makes overflow.
using Bytes128 = unsigned __int128;

constexpr std::uint64_t components = 2;  // that a node has of each share
// What a step holds besides its input and output; operators' tests of memory stay below it.
constexpr std::uint64_t times = 8;
constexpr std::uint64_t bytes_per_run = 24 << 20;  // frames on their way, scratch of short columns

std::uint64_t bytes_per_row(const Type& type) {
  const std::uint64_t number = type.is_stored_number() ? 8 : 0;
  return number + ceil_div(static_cast<std::uint64_t>(type.width()) + (type.null ? 1 : 0), 8);
}

Bytes128 bytes_of_answer(const Shape& shape) {
  Bytes128 per_row = 1;  // whether it is valid
  for (const ColumnShape& column : shape.columns) per_row += bytes_per_row(column.type);
  return components * shape.max_rows * per_row;
}

}  // namespace

std::uint64_t memory_needed(const Graph& plan) {
  std::vector<StepId> last_use(plan.size());
  for (StepId id = 0; id < plan.size(); ++id) {
    last_use[id] = id;
    for (const StepId input : plan.at(id).of) last_use[input] = id;
  }
  std::vector<Bytes128> freed_after(plan.size(), 0);
  Bytes128 live = 0, peak = 0;
  for (StepId id = 0; id < plan.size(); ++id) {
    const Step& node = plan.at(id);
    const Bytes128 written = bytes_of_answer(node.shape);
    Bytes128 read = 0;
    for (const StepId input : node.of) read += bytes_of_answer(plan.at(input).shape);
    peak = std::max(peak, live + times * (read + written));
    live += written;
    freed_after[last_use[id]] += written;
    live -= freed_after[id];
  }
  constexpr Bytes128 most = std::numeric_limits<std::uint64_t>::max();
  return static_cast<std::uint64_t>(std::min(most, bytes_per_run + peak));
}

}  // namespace polder
