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

void check(const Bits& questions, const IncidentRegister& incidents) {
  const std::size_t rows = incidents.identifier.size();
  if (questions.width() != identifier_width || incidents.identifier.width() != identifier_width) {
    fail(Code::bad_schema, "look-up: identifiers of {} and {} bits; both need {}",
         questions.width(), incidents.identifier.width(), identifier_width);
  }
  if (incidents.report && rows > 0 && incidents.report->size() % rows != 0) {
    fail(Code::bad_schema, "look-up: {} numbers of reports do not make {} rows",
         incidents.report->size(), rows);
  }
}

/// Each question `rows` times, one after the other.
Bits repeated(Workers& workers, const Bits& questions, std::size_t rows) {
  Indices from(questions.size() * rows);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::uint32_t>(i / rows);
  return gather(workers, questions, from);
}

Bits times(const Bits& rows, std::size_t count) {
  if (count == 1) return rows;
  return concat(std::vector<const Bits*>(count, &rows));
}

/// Compares all questions with the register, rows after rows.
class Search {
 public:
  Search(Protocol& mpc, const Bits& questions, const IncidentRegister& incidents)
      : mpc_(mpc), incidents_(incidents), words_(report_words(incidents)) {
    Stream coins = toss_coins(mpc);
    const int compared = identifier_bits(questions.size() + incidents.identifier.size());
    const UniversalHash hash(identifier_width, compared, coins);
    questions_ = hash(mpc.workers(), questions);
    identifiers_ = hash(mpc.workers(), incidents.identifier);
    replies_.found = mpc.constant(questions.size(), 1, 0);
    if (incidents.report) replies_.report = mpc.constant(questions.size() * words_, 0);
  }

  Replies run(const Progress& progress) && {
    const std::size_t n = identifiers_.size();
    const std::size_t at_once =
        std::max<std::size_t>(1, batch_comparisons / std::max<std::size_t>(1, questions_.size()));
    for (std::size_t first = 0; first < n; first += at_once) {
      progress(static_cast<double>(first) / static_cast<double>(n), "compare");
      search(first, std::min(at_once, n - first));
    }
    return std::move(replies_);
  }

 private:
  void search(std::size_t first, std::size_t rows) {
    const Bits hits = mpc_.equal(repeated(mpc_.workers(), questions_, rows),
                                 times(slice(identifiers_, first, rows), count()));
    add_found(hits, rows);
    if (words_ > 0) add_reports(hits, first, rows);
  }

  void add_found(const Bits& hits, std::size_t rows) {
    std::vector<Bits> by_question;
    for (std::size_t i = 0; i < count(); ++i)
      by_question.push_back(total(slice(hits, i * rows, rows)));
    replies_.found = replies_.found ^ concat(by_question);
  }

  void add_reports(const Bits& hits, std::size_t first, std::size_t rows) {
    const Arith reports = slice(*incidents_.report, first * words_, rows * words_);
    replies_.report = *replies_.report + mpc_.matmul(mpc_.to_arith(hits), reports,
                                                     {.n = count(), .k = rows, .m = words_});
  }

  std::size_t count() const { return questions_.size(); }

  Protocol& mpc_;
  const IncidentRegister& incidents_;
  const std::size_t words_;
  Bits questions_, identifiers_;  // as they are compared
  Replies replies_;
};

}  // namespace

Replies find_in_register(Protocol& mpc, const Bits& questions, const IncidentRegister& incidents,
                         const Progress& progress) {
  check(questions, incidents);
  return Search(mpc, questions, incidents).run(progress);
}

void look_up(Protocol& mpc, const Bits& questions, const IncidentRegister& incidents,
             const std::string& asker, const Progress& progress) {
  const Replies replies = find_in_register(mpc, questions, incidents, progress);
  // The answer, and nothing else, to who asked.
  mpc.open(replies.found, Recipient{asker, "found"});
  // Zeros where nothing was found: what the register's owner approved to give, or nothing.
  if (replies.report) mpc.open(*replies.report, Recipient{asker, "report"});
}

}  // namespace polder
