#include "peer/watch.h"

#include <poll.h>

#include <algorithm>

#include "base/error.h"

namespace polder {

Watch::Watch(Options options) : options_(std::move(options)), thread_([this] { run(); }) {}

Watch::~Watch() { stop(); }

void Watch::add(std::unique_ptr<Transport> line, const Ends& ends) {
  {
    const std::lock_guard lock(mutex_);
    lines_.push_back({.transport = std::move(line), .ends = ends});
    if (told_) tell(lines_.back());
  }
  wake_.signal();
}

std::optional<Error> Watch::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

// Whoever ends a session says why on this line before it closes the session's own lines: a thread
// that finds one of those closed finds the reason here, if there is one.
Error Watch::cause(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (told_) return *told_;  // what the others say since then is its echo
  if (error.code() != Code::cancelled && error.code() != Code::peer_lost) return error;
  look_at_all();
  return error_.value_or(error);
}

void Watch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.signal();
  if (thread_.joinable()) thread_.join();
}

void Watch::end() {
  stop();
  say(NoteKind::over);
  for (const Line& line : lines_) end_softly(line.transport->socket());
}

void Watch::tell(Code code, std::string_view why) {
  stop();
  say_why(Error(code, std::string(why)));
}

void Watch::say_why(const Error& error) {
  if (told_) return;
  told_ = error;
  for (const Line& line : lines_) tell(line);
}

void Watch::tell(const Line& line) const {
  send_refusal(*line.transport, unbound(line.ends), told_->code(), told_->what());
  end_softly(line.transport->socket());
}

void Watch::run() {
  auto next_beat = Clock::now();
  while (true) {
    sleep();
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (!error_) look_at_all();
    if (Clock::now() >= next_beat) {
      say(NoteKind::beat);
      next_beat = Clock::now() + options_.beat;
    }
    if (!error_ && !options_.caller.cancelled()) continue;
    say_why(error_.value_or(Error(Code::cancelled, "the session was cancelled")));
    // The others know; the session's thread may compute for long before it notices.
    for (Patience* wait : options_.session_waits) wait->cancel();
    return;
  }
}

void Watch::sleep() {
  std::vector<pollfd> polled{{wake_.descriptor(), POLLIN, 0},
                             {options_.caller.wake_descriptor(), POLLIN, 0}};
  {
    const std::lock_guard lock(mutex_);
    for (const Line& line : lines_) {
      if (line.over) continue;
      const int events = POLLIN | (line.transport->has_output() ? POLLOUT : 0);
      polled.push_back({line.transport->socket().descriptor(), static_cast<short>(events), 0});
    }
  }
  poll(polled.data(), polled.size(), static_cast<int>(options_.beat.count()));
  wake_.clear();
}

void Watch::look_at_all() try {
  for (Line& line : lines_) look(line);
} catch (const Error& error) {
  error_ = error;
}

void Watch::look(Line& line) {
  if (line.over) return;
  if (line.transport->has_output()) line.transport->push();
  while (const auto note = line.reader.read(*line.transport, line.ends)) {
    if (note->id != options_.session) {
      fail(Code::cheating, "{} speaks of another session", line.ends.shown());
    }
    line.heard = Clock::now();
    if (note->kind == NoteKind::over) {
      line.over = true;
      return;
    }
    check_kind(*note, NoteKind::beat, line.ends);
  }
  if (Clock::now() < line.heard + options_.silence) return;
  fail(Code::timed_out,
       "{} gave no sign of life for {} ms; see whether it is up and can be reached",
       line.ends.shown(), options_.silence.count());
}

// A line that does not take it is full or broken; its silence tells.
void Watch::say(NoteKind kind) {
  for (const Line& line : lines_) {
    if (!line.over) send_note(*line.transport, line.ends, {kind, options_.session});
  }
}

}  // namespace polder
