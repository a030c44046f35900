// The group ftmpsi: what is asked for is measured and printed.
#pragma once

#include <vector>

#include "bench/ftmpsi/cells.h"
#include "bench/options.h"

namespace polder::bench {

/// Throws Error bad_input for options that say nothing here, internal if an answer is wrong.
void run_ftmpsi(const std::vector<FtmpsiCell>& cells, const Options& options);

}  // namespace polder::bench
