#include <algorithm>

#include "table/execution.h"
#include "table/rows.h"

namespace polder::operators {
namespace {

/// The frame with columns set beside it, or in the place of those of the same name.
struct Assign {
  Names names;
  static constexpr auto fields = std::tuple{required("names", &Assign::names)};
};

Shape infer(const Assign& assign, const Inference& in) {
  Shape shape = *in.of[0];
  if (assign.names.size() != in.of.size() - 1) {
    in.no.add(Problem::name, "{} names for {} columns", assign.names.size(), in.of.size() - 1);
    return shape;
  }
  for (std::size_t i = 0; i < assign.names.size(); ++i) {
    require_rows_of(in, i + 1, 0);
    ColumnShape column = in.of[i + 1]->columns[0];
    column.name = assign.names[i];
    const auto known = std::ranges::find(shape.columns, column.name, &ColumnShape::name);
    if (known != shape.columns.end())
      *known = column;
    else
      shape.columns.push_back(column);
    std::erase_if(shape.unique, [&](const Names& names) {
      return std::ranges::find(names, column.name) != names.end();
    });
  }
  return shape;
}

AnswerPointer lower(Execution& run, const Assign& assign, Answers in) {
  Frame frame = in[0]->frame;
  for (std::size_t i = 0; i < assign.names.size(); ++i) {
    SeriesPointer column = in[i + 1]->form == Form::series
                               ? in[i + 1]->series
                               : share(over_rows(run.mpc(), *in[i + 1], frame.rows));
    const auto known = std::ranges::find(frame.columns, assign.names[i],
                                         [](const auto& named) { return named.first; });
    if (known != frame.columns.end())
      known->second = std::move(column);
    else
      frame.columns.emplace_back(assign.names[i], std::move(column));
  }
  return answer(std::move(frame));
}

}  // namespace

std::vector<Operator> assign() {
  return {describe<Assign>({.name = "assign",
                            .takes = {Taken::frame},
                            .more = Taken::column,
                            .python = "DataFrame.assign(**columns)",
                            .what = "The table with further columns, or others in their place.",
                            .oracle = "frame.assign(**columns)",
                            .example = "visits.assign(total=visits.cost + visits.fee)",
                            .infer = infer,
                            .lower = lower})};
}

}  // namespace polder::operators
