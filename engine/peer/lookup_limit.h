// How often each bank may look up, kept on disk: a restart forgets nothing, and a clock that is
// turned back gives nothing back, as time here never runs backwards.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string_view>

#include "store/database.h"

namespace polder {

class LookupLimit {
 public:
  using Clock = std::function<std::int64_t()>;  // milliseconds since 1970

  static constexpr std::int64_t window_ms = 24 * 3600 * 1000;

  /// `file`: made if it is not there; two processes may share it.
  LookupLimit(const std::filesystem::path& file, std::uint64_t in_24_hours, Clock clock = {});

  /// Uses up so many evaluations of this asker; on disk when it returns.  Throws Error busy, saying
  /// when to ask again, if that would be more than the limit within 24 hours, and forbidden if it
  /// always is; then nothing is used up.
  void take(std::string_view asker, std::uint64_t count);

 private:
  std::int64_t now();
  std::int64_t free_again(std::string_view asker, std::uint64_t count);

  const std::uint64_t limit_;
  const Clock clock_;
  std::mutex mutex_;
  Database database_;
};

}  // namespace polder
