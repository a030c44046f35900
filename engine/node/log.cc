#include "node/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json/serialize.hpp>
#include <map>
#include <mutex>
#include <string>

#include "base/wall_clock.h"

namespace polder {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("polderd",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

void write(spdlog::level::level_enum level, std::string_view event, boost::json::object fields) {
  boost::json::object line{{"time", now_ms()},
                           {"level", level == spdlog::level::err ? "error" : "info"},
                           {"event", boost::json::string(event)}};
  for (auto& field : fields) line.emplace(field.key(), std::move(field.value()));
  logger().log(level, "{}", boost::json::serialize(line));
}

}  // namespace

void log_event(std::string_view event, boost::json::object fields) {
  write(spdlog::level::info, event, std::move(fields));
}

void log_at_most_once_a_second(std::string_view event, boost::json::object fields) {
  struct Last {
    std::int64_t time = 0;
    std::uint64_t left_out = 0;
  };
  static std::mutex mutex;
  static std::map<std::string, Last, std::less<>> last;  // a few events, named in the program
  {
    const std::lock_guard lock(mutex);
    Last& of = last.try_emplace(std::string(event)).first->second;
    if (now_ms() - of.time < 1000) {
      ++of.left_out;
      return;
    }
    if (of.left_out > 0) fields["left_out"] = of.left_out;
    of = {.time = now_ms(), .left_out = 0};
  }
  log_event(event, std::move(fields));
}

void log_trouble(std::string_view event, boost::json::object fields) {
  write(spdlog::level::err, event, std::move(fields));
}

}  // namespace polder
