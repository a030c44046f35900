// Reports of a register: texts that are padded so that only a step of the longest is seen.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace polder {

/// What a report may take: bytes of UTF-8.
inline constexpr std::size_t max_report_bytes = 512;
/// The length that others may know is a multiple of this.
inline constexpr std::size_t report_step_bytes = 32;

/// Bytes that each of these reports takes: the longest, rounded up; at least one step.
std::size_t padded_report_bytes(const std::vector<std::string>& reports);

}  // namespace polder
