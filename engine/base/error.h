// Errors that people read: a code for programs, a message that says what failed, where, and what to
// do. Never a secret value in a message.
#pragma once

#include <fmt/core.h>

#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace polder {

enum class Code {
  bad_input,     // a value, file or request that is wrong in itself
  bad_schema,    // columns or types that do not fit
  not_found,     // a table, session or party that is not there
  forbidden,     // a key, role or policy that does not allow it
  busy,          // no memory, disk or place for it now
  cancelled,     // somebody asked to stop
  timed_out,     // a deadline passed
  peer_lost,     // a connection broke or a process died
  peer_aborted,  // another party stopped the run and said so
  cheating,      // shares or frames that an honest party would not have sent
  internal,      // our mistake
};

/// The code's name as programs see it, e.g. "peer_lost".
std::string_view name(Code code);

/// The code of that name; `internal` if there is none.
Code code_named(std::string_view name);

class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}
  Code code() const { return code_; }

 private:
  Code code_;
};

/// Throws Error{code, formatted message}.
template <typename... Args>
[[noreturn]] void fail(Code code, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...));
}

/// Throws Error internal naming `what` and the place.
[[noreturn]] void fail_requirement(const char* what, const std::source_location& where);

/// A programmer's mistake if it does not hold; kept in release builds, where it costs a test.
inline void require(bool condition, const char* what,
                    std::source_location where = std::source_location::current()) {
  if (!condition) [[unlikely]]
    fail_requirement(what, where);
}

}  // namespace polder
