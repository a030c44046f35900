// Long work under Python: it runs on a thread of its own without the interpreter's lock, while the
// calling thread reports progress and listens for Ctrl-C.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>

#include "client/progress.h"
#include "net/cancellation_token.h"

namespace polder {

using JobWork = std::function<void(CancellationToken& cancellation, const OnProgress& progress)>;

/// Does the work and returns, or throws what it threw. A signal or an error of `progress` (a
/// callable taking stage and share done, or None) cancels the work, waits for its end, and wins.
void run_job(const nanobind::object& progress, const JobWork& work);

}  // namespace polder
