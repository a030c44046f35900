#include "table/rows.h"

#include <algorithm>

namespace polder {
namespace {

bool starts_with(const std::vector<StepId>& all, const std::vector<StepId>& first) {
  return all.size() >= first.size() && std::equal(first.begin(), first.end(), all.begin());
}

}  // namespace

void require_rows_of(const Inference& in, std::size_t of, std::size_t beside) {
  const Shape &series = *in.of[of], &rows = *in.of[beside];
  if (series.form == Form::value) return;
  if (series.rows != rows.rows) {
    in.no.add(Problem::type, "a column of another table cannot stand here; merge the tables first");
  } else if (!starts_with(rows.filters, series.filters)) {
    in.no.add(Problem::type,
              "a column of rows that were picked cannot stand beside rows that were not; take it "
              "from the table before it was filtered");
  }
}

std::size_t common_rows(const Inference& in) {
  std::size_t most = 0;
  for (std::size_t i = 1; i < in.of.size(); ++i) {
    if (in.of[i]->form == Form::value) continue;
    if (in.of[most]->form == Form::value || in.of[i]->filters.size() > in.of[most]->filters.size())
      most = i;
  }
  for (std::size_t i = 0; i < in.of.size(); ++i) require_rows_of(in, i, most);
  return most;
}

Series over_rows(Protocol& mpc, const Answer& answer, std::size_t n) {
  if (answer.form == Form::value) return spread(mpc, *answer.series, n);
  return *answer.series;
}

}  // namespace polder
