// What is written down in tests/costs.txt, part by part, against what was measured.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "protocol/testing/every_protocol.h"

namespace polder::testing {

/// A line of the file: name, rows, rounds, the bytes that each node sent.
std::string cost_line(const std::string& name, std::size_t rows, const std::array<Costs, 3>& costs);

/// Two lines of `work` at nodes with fixed keys: near, and as if 10 ms apart (NAME-far). They end
/// in the frames that each node sent: as many writes, if the lines take them at once.
std::array<std::string, 2> cost_lines_on_fixed_keys(const std::string& name, std::size_t rows,
                                                    const std::function<void(Party&)>& work);

/// Of node 0, as the line of that name and rows in `part` of the file says.
Costs written_costs(const std::string& part, const std::string& name, std::size_t rows);

/// Nothing if these lines are exactly those of `part` in the file; else the lines to paste and to
/// remove.
std::string differs_from_written(const std::string& part, const std::vector<std::string>& lines);

}  // namespace polder::testing
