#include "table/aggregate_steps.h"
#include "table/aggregation.h"
#include "table/execution.h"

namespace polder::operators {
namespace {

/// One value of a whole column, or of all rows.
struct OneAggregate {
  std::string get;
  static constexpr auto fields = std::tuple{required("get", &OneAggregate::get)};
};

Shape infer(const OneAggregate& of, const Inference& in) {
  Shape shape;
  shape.form = Form::value;
  shape.rows = in.self;
  shape.max_rows = 1;
  const Shape& input = *in.of[0];
  const ColumnShape* column = input.form == Form::frame ? nullptr : &input.columns[0];
  if (column == nullptr) require_records(in);
  shape.columns = {aggregate_shape(in, of.get, "", column, input.max_rows)};
  return shape;
}

AnswerPointer lower(Execution& run, const OneAggregate& of, Answers in) {
  const Aggregate& aggregate = *run.registry().aggregate(of.get);
  const Series* column = in[0]->series.get();
  const Frame& rows = in[0]->frame;
  const StatisticAnswers answers =
      ask_column(run.mpc(), rows.valid, rows.rows, queries(aggregate, column));
  std::map<GroupQuery, Count> counts;
  return answer_value(
      aggregated(run.mpc(), aggregate, run.shape().type(), column, answers, counts));
}

}  // namespace

std::vector<Operator> aggregate() {
  return {describe<OneAggregate>(
      {.name = "aggregate",
       .takes = {Taken::any},
       .python = "Series.agg(get)",
       .what = "One value of a whole column, or of all rows.",
       .oracle = "x.agg(get)",
       .example = "visits.cost.mean()",
       .infer = infer,
       .uses =
           [](const OneAggregate&, const Inference& in) {
             if (in.of[0]->form == Form::frame) return std::vector<Used>();
             return std::vector<Used>{{0, "", use_of_aggregated(in.of[0]->type())}};
           },
       .lower = lower})};
}

}  // namespace polder::operators
