#include <algorithm>

#include "table/execution.h"

namespace polder::operators {
namespace {

/// Of a column over tables that stand one below the other, the rows of the table of that number.
struct RowsOf {
  std::uint64_t table = 0;
  static constexpr auto fields = std::tuple{required("table", &RowsOf::table)};
};

Shape infer(const RowsOf& of, const Inference& in) {
  Shape shape = *in.of[0];
  std::vector<RowOrigin> parts;
  for (const Shape* table : std::span(in.of).subspan(1))
    parts.push_back({table->rows, table->filters});
  if (shape.parts != parts)
    in.no.add(Problem::type,
              "these are not the tables that were put below each other for this column, all and in "
              "that order");
  if (!shape.filters.empty())
    in.no.add(Problem::type, "rows were picked since; pick them from each table");
  if (of.table + 1 >= in.of.size()) {
    in.no.add(Problem::bound, "there is no table {} of {}", of.table, in.of.size() - 1);
    return shape;
  }
  const Shape& table = *in.of[of.table + 1];
  shape.rows = table.rows;
  shape.filters = table.filters;
  shape.parts = table.parts;
  shape.max_rows = table.max_rows;
  shape.order = table.order;
  shape.unique.clear();
  return shape;
}

AnswerPointer lower(Execution& run, const RowsOf& of, Answers in) {
  std::size_t first = 0;
  for (std::size_t i = 1; i <= of.table; ++i) first += in[i]->frame.rows;
  const std::size_t count = in[of.table + 1]->frame.rows;
  const auto rows = [&](const auto& x) { return slice(x, first, count); };
  std::optional<Bits> valid;
  if (in[0]->frame.valid) valid = rows(*in[0]->frame.valid);
  return answer_series(picked(run.mpc(), *in[0]->series, rows), std::move(valid));
}

}  // namespace

std::vector<Operator> rows_of() {
  return {describe<RowsOf>(
      {.name = "rows_of",
       .takes = {Taken::column, Taken::frame},
       .more = Taken::frame,
       .python = "Series.rows_of(table)",
       .what = "Of a column over tables that stand one below the other, the rows of one of them.",
       .example = "risk.rows_of(accounts_of_a)",
       .infer = infer,
       .copies = Copies::first_input,
       .lower = lower})};
}

}  // namespace polder::operators
