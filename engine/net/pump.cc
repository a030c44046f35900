#include "net/pump.h"

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "base/error.h"

namespace polder {
namespace {

constexpr short hang_up = POLLRDHUP | POLLHUP | POLLERR;

void sleep_in_poll(std::vector<pollfd>& polled, Clock::time_point until) {
  using std::chrono::nanoseconds;
  const auto most = std::chrono::hours(1);
  const auto left = std::clamp<nanoseconds>(until - Clock::now(), nanoseconds(0), most);
  const std::timespec timeout{static_cast<std::time_t>(left.count() / 1'000'000'000),
                              static_cast<long>(left.count() % 1'000'000'000)};
  if (ppoll(polled.data(), polled.size(), &timeout, nullptr) < 0 && errno != EINTR) {
    fail(Code::internal, "poll on the session's connections failed (errno {})", errno);
  }
}

}  // namespace

void Pump::add(Member& member) {
  seats_.push_back({&member});
  polled_.resize(seats_.size() + 1);
}

void Pump::remove(Member& member) {
  std::erase_if(seats_, [&](const Seat& seat) { return seat.member == &member; });
  polled_.resize(seats_.size() + 1);
}

void Pump::wait_for_input(Member& awaited, Clock::time_point until) { wait(&awaited, until); }
void Pump::wait_for_output(Clock::time_point until) { wait(nullptr, until); }

void Pump::rest_until(Clock::time_point time) {
  while (Clock::now() < time) {
    wait(nullptr, std::min(time, cancellation_.give_up(Clock::now())));
    cancellation_.check(Clock::now(), "a simulated connection");
  }
}

void Pump::wait(const Member* awaited, Clock::time_point until) {
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    const auto& [member, hung_up] = seats_[i];
    int events = hung_up ? 0 : POLLRDHUP;
    if (member == awaited) events = POLLIN;
    if (member->has_output()) events |= POLLOUT;
    // A descriptor polled for nothing would still report that its peer hung up, again and again.
    polled_[i] = {events == 0 ? -1 : member->descriptor(), static_cast<short>(events), 0};
  }
  polled_[seats_.size()] = {cancellation_.event_descriptor(), POLLIN, 0};
  sleep_in_poll(polled_, until);

  cancellation_.check_cancelled();
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    auto& [member, hung_up] = seats_[i];
    if ((polled_[i].revents & (POLLOUT | hang_up)) != 0 && member->has_output()) member->push();
    if (member == awaited || (polled_[i].revents & hang_up) == 0) continue;
    hung_up = true;
    member->look_at_end();
  }
  look_at_others(awaited);
}

// Output that will never arrive ends the session, also while another connection is awaited.
void Pump::look_at_others(const Member* awaited) {
  for (const Seat& seat : seats_) {
    if (seat.member != awaited && seat.member->broken()) seat.member->look_at_end();
  }
}

}  // namespace polder
