#include "table/function.h"

#include <algorithm>
#include <memory>

#include "ops/compare/logic.h"
#include "table/execution.h"
#include "table/rows.h"

namespace polder {
namespace {

std::vector<Type> types_of(const Inference& in) {
  std::vector<Type> types;
  for (const Shape* shape : in.of) types.push_back(shape->type());
  return types;
}

Shape infer(const FunctionDescriptor& of, const Inference& in) {
  Shape shape = *in.of[common_rows(in)];
  const std::vector<Type> types = types_of(in);
  Type type = of.gives(types, in.no);
  if (of.nulls == Nulls::propagate)
    type.null = std::ranges::any_of(types, [](const Type& one) { return one.null; });
  Sources from;
  bool counted = false, of_records = false;
  for (const Shape* input : in.of) {
    from.insert(input->from().begin(), input->from().end());
    counted |= input->columns[0].counted;
    of_records |= input->columns[0].is_of_records();
  }
  shape.columns = {{"", std::move(type), std::move(from), counted && !of_records}};
  return shape;
}

/// The input whose rows all stand over: as in common_rows.
std::size_t most_filtered(Execution& run, Answers in) {
  std::size_t most = 0;
  for (std::size_t i = 1; i < in.size(); ++i) {
    if (in[i]->form == Form::value) continue;
    if (in[most]->form == Form::value ||
        run.shape_of_input(i).filters.size() > run.shape_of_input(most).filters.size())
      most = i;
  }
  return most;
}

AnswerPointer lower(Execution& run, const FunctionDescriptor& of, Answers in) {
  Protocol& mpc = run.mpc();
  const Answer& over = *in[most_filtered(run, in)];
  std::vector<Series> columns;
  for (const AnswerPointer& input : in)
    columns.push_back(over.form == Form::value ? *input->series
                                               : over_rows(mpc, *input, over.frame.rows));
  std::vector<const Series*> pointers;
  for (const Series& column : columns) pointers.push_back(&column);

  Series series = of.lower(mpc, run.shape().type(), pointers);
  std::vector<Count> behind;
  std::optional<Bits> null;
  for (const Series& column : columns) {
    series.set_behind(behind_both(series, column));
    if (column.null() != nullptr) null = null ? bit_or(mpc, *null, *column.null()) : *column.null();
  }
  if (of.nulls == Nulls::propagate) series.set_null(std::move(null));
  if (over.form == Form::value) return answer_value(std::move(series));
  return answer_series(std::move(series), over.frame.valid);
}

}  // namespace

Operator function(FunctionDescriptor of) {
  const auto shared = std::make_shared<const FunctionDescriptor>(std::move(of));
  return describe<NoFields>(
      {.name = shared->name,
       .takes = std::vector<Taken>(static_cast<std::size_t>(shared->arity), Taken::column),
       .python = shared->python,
       .what = shared->what,
       .differs = shared->differs,
       .oracle = shared->oracle,
       .example = shared->example,
       .infer = [shared](const NoFields&, const Inference& in) { return infer(*shared, in); },
       .lower = [shared](Execution& run, const NoFields&,
                         Answers in) { return lower(run, *shared, in); }});
}

void require_fits(const Type& type, std::string_view expression, const std::vector<Type>& of,
                  Complaints& no) {
  if (type.bounds.fits()) return;
  std::string types;
  for (const Type& one : of) types += (types.empty() ? "" : " and ") + one.text();
  no.add(Problem::overflow, "{} of {} could reach {}, beyond 2^62; declare narrower bounds",
         expression, types, type.bounds.text());
}

}  // namespace polder
