#include "node/notice_exchange.h"

#include <poll.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/wall_clock.h"
#include "crypto/random.h"
#include "node/log.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::size_t max_at_once = 256, max_bytes = 1 << 20;  // of about 1 KB each
constexpr int pause_ms = 5000;

std::uint64_t random_number() {
  std::array<std::uint64_t, 1> number;
  random_bytes(bytes_of(std::span<std::uint64_t>(number)));
  return number[0];
}

}  // namespace

NoticeExchange::NoticeExchange(Links& links, Notices& notices)
    : links_(links),
      notices_(notices),
      start_(random_number()),
      cancellation_({.silence = std::chrono::seconds(3)}),
      asks_([this] { ask(); }),
      answers_([this] { answer(); }) {}

NoticeExchange::~NoticeExchange() { cancellation_.cancel(); }

void NoticeExchange::ask() {
  while (!cancellation_.cancelled()) {
    try {
      links_.call_next(cancellation_, [this](Channel& other) { talk(other, next_); });
    } catch (const Error&) {
      // It is down: it asks for what it missed when it is back, and is asked again.
    }
    pollfd wake{cancellation_.event_descriptor(), POLLIN, 0};
    poll(&wake, 1, pause_ms);
  }
}

void NoticeExchange::answer() {
  while (!cancellation_.cancelled()) {
    try {
      links_.answer_call(cancellation_, [this](Channel& other) { talk(other, prev_); });
    } catch (const Error&) {
      // The caller went, or this node goes.
    }
  }
}

/// Both sides do the same at the same time. One batch: the rest comes in the next talk.
void NoticeExchange::talk(Channel& other, Heard& heard) {
  std::array<std::uint64_t, 2> mine{heard.start, static_cast<std::uint64_t>(heard.number)},
      theirs{};
  other.send_words(mine);
  other.receive_words(theirs);
  const bool same_start = theirs[0] == start_;
  const auto lacking =
      notices_.after(same_start ? static_cast<std::int64_t>(theirs[1]) : 0, max_at_once);

  json::array list;
  for (const auto& each : lacking) list.push_back(to_json(each.notice));
  const std::string text = canonical(json::object{{"notices", std::move(list)}});
  const std::int64_t last = lacking.empty()
                                ? (same_start ? static_cast<std::int64_t>(theirs[1]) : 0)
                                : lacking.back().number;
  std::array<std::uint64_t, 3> head{start_, static_cast<std::uint64_t>(last), text.size()}, told{};
  other.send_words(head);
  other.receive_words(told);
  if (told[2] > max_bytes) fail(Code::cheating, "a node sends {} bytes of notices", told[2]);
  other.send({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  Bytes received(told[2]);
  other.receive(received);
  take({reinterpret_cast<const char*>(received.data()), received.size()});
  heard = {.start = told[0], .number = static_cast<std::int64_t>(told[1])};
}

void NoticeExchange::take(std::string_view text) {
  const json::object object = parse_object(text, "notices", max_bytes);
  for (const json::value& each : Fields(object, "notices").list("notices", max_at_once)) {
    try {
      if (!each.is_object()) fail(Code::cheating, "a notice is no object");
      notices_.take(parse_notice(each.get_object()), now_ms());
    } catch (const Error& error) {
      // A table that is not here needs no deletion; what else is wrong is the other node's doing.
      if (error.code() == Code::not_found) continue;
      log_at_most_once_a_second("notice_refused", {{"why", error.what()}});
    }
  }
}

}  // namespace polder
