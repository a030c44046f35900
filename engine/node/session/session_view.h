// What anybody may know of a session: how far it is, how it ended and what it cost.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace polder {

enum class SessionState { waiting, running, done, failed, cancelled };
std::string_view name(SessionState state);
inline bool ended(SessionState state) {
  return state != SessionState::waiting && state != SessionState::running;
}

struct SessionFigures {
  double seconds = 0;  // from the request to the end
  std::uint64_t bytes_sent = 0;
  std::uint64_t rounds = 0;
  std::uint64_t peak_mb = 0;  // of memory for shares, this session's alone
};

struct SessionView {
  SessionState state = SessionState::waiting;
  double progress = 0;  // 0..1
  std::string step;
  Code code = Code::internal;  // of the error, if message is not empty
  std::string message;
  SessionFigures figures;
};

}  // namespace polder
