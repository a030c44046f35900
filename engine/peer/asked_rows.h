// How many rows each bank asked about, in matches and look-ups alike, kept on disk: a restart
// forgets nothing, and a clock that is turned back gives nothing back, as time here never runs
// backwards. A match is a look-up of as many identifiers as its requester may list, so both use up
// one count.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "store/database.h"

namespace polder {

class AskedRows {
 public:
  using Clock = std::function<std::int64_t()>;  // milliseconds since 1970

  static constexpr std::int64_t window_ms = 24 * 3600 * 1000;

  enum class Kind { match, look_up };

  /// Of one bank, within 24 hours.
  struct Limits {
    std::uint64_t rows;      // of both kinds together
    std::uint64_t look_ups;  // of these the identifiers looked up
  };

  /// `file`: made if it is not there; two processes may share it.
  AskedRows(const std::filesystem::path& file, const Limits& limits, Clock clock = {});

  const Limits& limits() const { return limits_; }

  struct Rows {
    std::string_view requester;
    Kind kind;
    std::uint64_t count;
  };

  /// Uses up so many rows of this requester; on disk when it returns.  Throws Error busy, saying
  /// when to ask again, if that would be more than a limit within 24 hours, and forbidden if it
  /// always is; then nothing is used up.
  void take(const Rows& rows) { decide(rows, Use::up); }
  /// Throws as `take` and uses nothing up.
  void check(const Rows& rows) { decide(rows, Use::not_yet); }

 private:
  struct Limit {
    std::uint64_t most;
    bool look_ups_only;
  };
  enum class Use { up, not_yet };
  void decide(const Rows& rows, Use use);
  std::int64_t now();
  std::int64_t free_again(const Rows& rows, const Limit& limit);
  std::optional<Error> refusal(const Rows& rows);

  const Limits limits_;
  const Clock clock_;
  std::mutex mutex_;
  Database database_;
};

}  // namespace polder
