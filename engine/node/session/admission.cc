#include "node/session/admission.h"

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"

namespace polder {
namespace {
constexpr std::uint64_t megabyte = 1024 * 1024;
}

void Admission::check(std::uint64_t bytes) const {
  if (bytes <= limits_.bytes) return;
  fail(Code::busy,
       "session: needs {} MB of memory, this node gives sessions {} MB; use fewer rows or raise "
       "memory_mb in node.json",
       ceil_div(bytes, megabyte), limits_.bytes / megabyte);
}

std::uint64_t Admission::bytes_in_use() const {
  const std::lock_guard lock(mutex_);
  return in_use_;
}

std::size_t Admission::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

bool Admission::is_next(const Ticket* ticket, std::uint64_t bytes) const {
  return queue_.front() == ticket && in_use_ + bytes <= limits_.bytes;
}

Admission::Ticket::Ticket(Admission& admission, std::uint64_t bytes)
    : admission_(admission), bytes_(bytes) {
  admission_.check(bytes);
}

void Admission::Ticket::enter() {
  if (queued_) return;
  if (admission_.queue_.size() + admission_.admitted_ >= admission_.limits_.places) {
    fail(Code::busy, "session: {} sessions run or wait here already; try again later",
         admission_.limits_.places);
  }
  admission_.queue_.push_back(this);
  queued_ = true;
}

Admission::Ticket::~Ticket() {
  const std::lock_guard lock(admission_.mutex_);
  auto& queue = admission_.queue_;
  queue.erase(std::remove(queue.begin(), queue.end(), this), queue.end());
  if (admitted_) {
    admission_.in_use_ -= bytes_;
    --admission_.admitted_;
  }
  admission_.changed_.notify_all();
}

bool Admission::Ticket::wait_for(std::chrono::milliseconds limit) {
  std::unique_lock lock(admission_.mutex_);
  enter();
  if (admitted_) return true;
  admitted_ =
      admission_.changed_.wait_for(lock, limit, [&] { return admission_.is_next(this, bytes_); });
  if (!admitted_) return false;
  admission_.queue_.pop_front();
  admission_.in_use_ += bytes_;
  ++admission_.admitted_;
  admission_.changed_.notify_all();
  return true;
}

}  // namespace polder
