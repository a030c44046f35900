// Nodes tell each other the notices that the other lacks, each with the next one and the previous
// one, every few seconds and when they start: whoever was away learns what was said meanwhile.
#pragma once

#include <array>
#include <mutex>
#include <thread>

#include "net/links/links.h"
#include "node/notices.h"

namespace polder {

class NoticeExchange {
 public:
  NoticeExchange(Links& links, Notices& notices);
  NoticeExchange(const NoticeExchange&) = delete;
  NoticeExchange& operator=(const NoticeExchange&) = delete;
  ~NoticeExchange();

 private:
  /// How far this node has heard another: numbers are of one start of the other, which may have
  /// begun again from a backup.
  struct Heard {
    std::uint64_t start = 0;
    std::int64_t number = 0;
  };

  void ask();
  void answer();
  void talk(Channel& other, Heard& heard);
  void take(std::string_view text);

  Links& links_;
  Notices& notices_;
  const std::uint64_t start_;  // random
  Heard next_, prev_;          // each of one thread alone
  CancellationToken cancellation_;
  std::jthread asks_, answers_;  // last: they use all of the above
};

}  // namespace polder
