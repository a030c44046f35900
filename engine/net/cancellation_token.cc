#include "net/cancellation_token.h"

#include <algorithm>

#include "base/error.h"

namespace polder {

void CancellationToken::cancel() noexcept {
  cancelled_.store(true, std::memory_order_relaxed);
  wake_.signal();
}

void CancellationToken::check_cancelled() const {
  if (cancelled()) fail(Code::cancelled, "the session was cancelled");
}

void CancellationToken::check(Clock::time_point since, std::string_view waiting_for) const {
  check_cancelled();
  const auto now = Clock::now();
  if (now >= limits_.deadline) {
    fail(Code::timed_out, "the session's deadline passed while it waited for {}", waiting_for);
  }
  if (now >= give_up(since)) {
    const auto silence = std::chrono::duration_cast<std::chrono::milliseconds>(limits_.silence);
    fail(Code::timed_out, "no answer from {} for {} ms; see whether it is up and not overloaded",
         waiting_for, silence.count());
  }
}

Clock::time_point CancellationToken::give_up(Clock::time_point since) const {
  const auto most = Clock::time_point::max() - since;
  return std::min(limits_.deadline, since + std::min<Clock::duration>(limits_.silence, most));
}

}  // namespace polder
