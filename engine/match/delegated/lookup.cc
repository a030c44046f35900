#include "match/delegated/lookup.h"

#include <algorithm>

#include "base/error.h"
#include "match/match.h"
#include "ops/coin_toss.h"
#include "ops/universal_hash.h"

namespace polder {
namespace {

/// Comparisons in one go: enough to hide a round, few enough to bound the memory.
constexpr std::size_t batch_comparisons = std::size_t{1} << 18;

/// Words of a row's report.
std::size_t report_words(const IncidentRegister& incidents) {
  const std::size_t rows = incidents.identifier.size();
  return incidents.report && rows > 0 ? incidents.report->size() / rows : 0;
}

void check(const Bits& queries, const IncidentRegister& incidents) {
  const std::size_t rows = incidents.identifier.size();
  if (queries.width() != identifier_width || incidents.identifier.width() != identifier_width) {
    fail(Code::bad_schema, "look-up: identifiers of {} and {} bits; both need {}", queries.width(),
         incidents.identifier.width(), identifier_width);
  }
  if (incidents.report && rows > 0 && incidents.report->size() % rows != 0) {
    fail(Code::bad_schema, "look-up: {} numbers of reports do not make {} rows",
         incidents.report->size(), rows);
  }
}

/// Each query `rows` times, one after the other.
Bits repeated(Workers& workers, const Bits& queries, std::size_t rows) {
  Indices from(queries.size() * rows);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::uint32_t>(i / rows);
  return gather(workers, queries, from);
}

Bits times(const Bits& rows, std::size_t count) {
  if (count == 1) return rows;
  return concat(std::vector<const Bits*>(count, &rows));
}

/// Compares all queries with the register, rows after rows.
class Search {
 public:
  Search(Protocol& mpc, const Bits& queries, const IncidentRegister& incidents)
      : mpc_(mpc), incidents_(incidents), words_(report_words(incidents)) {
    Stream coins = toss_coins(mpc);
    const int compared = identifier_bits(queries.size() + incidents.identifier.size());
    const UniversalHash hash(identifier_width, compared, coins);
    queries_ = hash(mpc.workers(), queries);
    identifiers_ = hash(mpc.workers(), incidents.identifier);
    replies_.found = mpc.constant(queries.size(), 1, 0);
    if (incidents.report) replies_.report = mpc.constant(queries.size() * words_, 0);
  }

  Replies run(const Progress& progress) && {
    const std::size_t n = identifiers_.size();
    const std::size_t at_once =
        std::max<std::size_t>(1, batch_comparisons / std::max<std::size_t>(1, queries_.size()));
    for (std::size_t first = 0; first < n; first += at_once) {
      progress(static_cast<double>(first) / static_cast<double>(n), "compare");
      search(first, std::min(at_once, n - first));
    }
    return std::move(replies_);
  }

 private:
  void search(std::size_t first, std::size_t rows) {
    const Bits hits = mpc_.equal(repeated(mpc_.workers(), queries_, rows),
                                 times(slice(identifiers_, first, rows), count()));
    add_found(hits, rows);
    if (words_ > 0) add_reports(hits, first, rows);
  }

  void add_found(const Bits& hits, std::size_t rows) {
    std::vector<Bits> by_query;
    for (std::size_t i = 0; i < count(); ++i)
      by_query.push_back(total(slice(hits, i * rows, rows)));
    replies_.found = replies_.found ^ concat(by_query);
  }

  void add_reports(const Bits& hits, std::size_t first, std::size_t rows) {
    const Arith reports = slice(*incidents_.report, first * words_, rows * words_);
    replies_.report = *replies_.report + mpc_.matmul(mpc_.to_arith(hits), reports,
                                                     {.n = count(), .k = rows, .m = words_});
  }

  std::size_t count() const { return queries_.size(); }

  Protocol& mpc_;
  const IncidentRegister& incidents_;
  const std::size_t words_;
  Bits queries_, identifiers_;  // as they are compared
  Replies replies_;
};

}  // namespace

Replies find_in_register(Protocol& mpc, const Bits& queries, const IncidentRegister& incidents,
                         const Progress& progress) {
  check(queries, incidents);
  return Search(mpc, queries, incidents).run(progress);
}

void look_up(Protocol& mpc, const Bits& queries, const IncidentRegister& incidents,
             const std::string& requester, const Progress& progress) {
  const Replies replies = find_in_register(mpc, queries, incidents, progress);
  // The answer, and nothing else, to who asked.
  mpc.open(replies.found, Recipient{requester, "found"});
  // Zeros where nothing was found: what the register's owner approved to give, or nothing.
  if (replies.report) mpc.open(*replies.report, Recipient{requester, "report"});
}

}  // namespace polder
