// Inside of transpose.h: 512 rows at a time, by the widest instructions that the processor has.
#pragma once

#include <cstddef>
#include <cstdint>

namespace polder {

/// Eight words of each plane: bits of 512 rows.
struct PlaneLines {
  std::uint64_t* words;
  std::size_t stride;
  int count;  // lines from here on are not there: read as zero, not written
};

/// rows [512] of one word <-> lines [64]. `scratch` [512] is left full of the same bits.
void rows_to_lines(const std::uint64_t* rows, PlaneLines lines, std::uint64_t* scratch);
void lines_to_rows(PlaneLines lines, std::uint64_t* rows, std::uint64_t* scratch);

}  // namespace polder
