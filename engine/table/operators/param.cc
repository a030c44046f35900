#include "table/execution.h"
#include "table/public_value.h"

namespace polder::operators {
namespace {

/// A value that is given with each run. What the plan promises holds for all that its type allows.
struct Param {
  std::string name;
  Type type;
  bool secret = false;
  static constexpr auto fields =
      std::tuple{required("name", &Param::name), required("type", &Param::type),
                 optional("secret", &Param::secret)};
};

Shape infer(const Param& param, const Inference& in) {
  Shape shape;
  shape.form = Form::value;
  shape.rows = in.self;
  shape.max_rows = 1;
  shape.columns = {{param.name, param.type, {}, false}};
  if (param.name.empty()) in.no.add(Problem::name, "a parameter has a name");
  if (param.type.null && !param.secret)
    in.no.add(Problem::parameter, "a public parameter is never missing; leave 'null' out");
  return shape;
}

/// A secret one is a table of one row, split by who runs the plan.
AnswerPointer lower(Execution& run, const Param& param, Answers) {
  if (param.secret)
    return answer_value(*run.tables().read(param.name, "", run.shape().columns, 1).at(param.name));
  const auto given = run.parameters().find(param.name);
  if (given == run.parameters().end())
    fail(Code::bad_input, "the parameter '{}' has no value; give one with the run", param.name);
  try {
    return answer_value(public_value(run.mpc(), param.type, given->second));
  } catch (const Error& error) {
    fail(error.code(), "parameter '{}', {}: {}", param.name, param.type.text(), error.what());
  }
}

}  // namespace

std::vector<Operator> param() {
  return {describe<Param>(
      {.name = "param",
       .python = "param(name, type, *, secret=False)",
       .what = "A value that is given with each run, within the bounds of its type.",
       .example = "visits.age >= po.param('oldest', po.int(1, 100))",
       .infer = infer,
       .reveals =
           [](const Param& param, const Inference&) {
             return param.secret ? std::string() : "to the nodes: the value of " + param.name;
           },
       .lower = lower})};
}

}  // namespace polder::operators
