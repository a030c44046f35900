#include "table/execution.h"
#include "table/rows.h"

namespace polder::operators {
namespace {

Shape infer(const NoFields&, const Inference& in) {
  Shape shape = *in.of[0];
  if (in.of[1]->type().kind != TypeKind::boolean)
    in.no.add(Problem::type, "rows are picked by true or false, not by {}",
              in.of[1]->type().text());
  require_rows_of(in, 1, 0);
  shape.filters.push_back(in.self);
  return shape;
}

/// A row stays where the condition is known to be true.
AnswerPointer lower(Execution& run, const NoFields&, Answers in) {
  Frame frame = in[0]->frame;
  const Series condition = over_rows(run.mpc(), *in[1], frame.rows);
  frame.valid = valid_in_both(run.mpc(), frame.valid,
                              present(run.mpc(), condition.bits(run.mpc()), condition));
  return answer(std::move(frame));
}

}  // namespace

std::vector<Operator> filter() {
  return {describe<NoFields>(
      {.name = "filter",
       .takes = {Taken::frame, Taken::column},
       .python = "DataFrame.__getitem__(where)",
       .what = "The rows where a condition is true; how many they are stays secret.",
       .differs = {"rows where the condition is missing are left out; pandas refuses them"},
       .oracle = "frame[where.fillna(False)]",
       .example = "visits[visits.age >= 18]",
       .infer = infer,
       .uses =
           [](const NoFields&, const Inference&) {
             return std::vector<Used>{{1, "", Use::filter}};
           },
       .lower = lower})};
}

}  // namespace polder::operators
