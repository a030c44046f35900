// What can be timed. A row of the table is one small function that shares its inputs and says what
// is timed and how the answer is checked; each group of rows is one file.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/bank_tables.h"
#include "bench/node.h"

namespace polder::bench {

/// One turn of a row at one node. Its inputs live as long as it does.
struct Job {
  std::function<void()> run;     // timed
  std::function<void()> verify;  // throws Error internal if the answer is wrong
  std::uint64_t rounds = 0;      // of a run below the protocol, which counts its own
  enum class Inputs { kept, consumed } inputs = Inputs::kept;  // by `run`
};

struct Row {
  std::string name;
  std::string group;
  std::size_t n;
  std::function<Job(Node& node, std::size_t n)> prepare;
  enum class Size { any, fixed } size = Size::any;  // fixed: --n does not change it
  enum class Connections {
    used,
    unused
  } connections = Connections::used;  // unused: TLS makes no difference
  enum class Wanted {
    always,
    by_name
  } wanted = Wanted::always;  // by_name: too large for every run
};

/// `work()` is timed; `right(answer)` says whether its answer is what plain code computes.
template <typename Work, typename Right>
Job job(Work work, Right right) {
  using Answer = decltype(work());
  const auto answer = std::make_shared<Answer>();
  return {.run = [answer, work = std::move(work)]() mutable { *answer = work(); },
          .verify = [answer, right = std::move(right)] { expect_right(right(*answer)); }};
}

/// The job's run moves its inputs away.
inline Job consuming(Job job) {
  job.inputs = Job::Inputs::consumed;
  return job;
}

/// For `job`: the answer opens to these values.
inline auto opens_to(Node& node, Values expected) {
  return [&node, expected = std::move(expected)](const auto& answer) {
    return node.open(answer) == expected;
  };
}

// One a file.
std::vector<Row> calibration();
std::vector<Row> primitives();
std::vector<Row> sorts();
std::vector<Row> groups();
std::vector<Row> joins();
std::vector<Row> matches();

/// A match for one bank, in bins that the owners filled.
Row ftmpsi_in_bins(const MatchSizes& sizes);

/// Calibration first, then the rows whose group or name is in `wanted` (empty: all).
/// Throws Error bad_input if one of `wanted` names nothing.
std::vector<Row> rows_named(const std::vector<std::string>& wanted);

}  // namespace polder::bench
