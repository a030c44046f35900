#include "match/report.h"

#include <algorithm>

#include "base/bits.h"

namespace polder {

std::size_t padded_report_bytes(const std::vector<std::string>& reports) {
  std::size_t longest = 1;
  for (const std::string& report : reports) longest = std::max(longest, report.size());
  return ceil_div(longest, report_step_bytes) * report_step_bytes;
}

}  // namespace polder
