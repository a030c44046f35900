// For tests: every call that changes the disk (write, pwrite, fsync, rename, unlink, ftruncate) is
// counted in this process, and one of them can fail or be the last thing that the process does.
#pragma once

namespace polder {

enum class Fault { none, kill, disk_full };

/// From now on the call number `at` (from 0) suffers the fault; counts start again.
void set_fault(Fault fault, long at);

/// Calls since set_fault.
long disk_calls();

}  // namespace polder
