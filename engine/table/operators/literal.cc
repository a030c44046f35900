#include "plan/value.h"
#include "table/execution.h"
#include "table/public_value.h"

namespace polder::operators {
namespace {

/// A value that stands in the plan itself.
struct Literal {
  Type type;
  std::string value;
  static constexpr auto fields =
      std::tuple{required("type", &Literal::type), required("value", &Literal::value)};
};

Shape infer(const Literal& literal, const Inference& in) {
  Shape shape;
  shape.form = Form::value;
  shape.rows = in.self;
  shape.max_rows = 1;
  shape.columns = {{"", literal.type.with_null(false), {}, false}};
  try {
    if (value_text(literal.type, stored_value(literal.type, literal.value)) != literal.value)
      in.no.add(Problem::type, "a value has one spelling");
  } catch (const Error& error) {  // a parser's complaint becomes the plan's
    in.no.add(Problem::type, "a value of type {}: {}", literal.type.text(), error.what());
  }
  return shape;
}

}  // namespace

std::vector<Operator> literal() {
  return {describe<Literal>({.name = "literal",
                             .python = "literal(type, value)",
                             .what = "A value that stands in the plan.",
                             .example = "visits.age >= 18",
                             .infer = infer,
                             .lower = [](Execution& run, const Literal& of, Answers) {
                               return answer_value(
                                   public_value(run.mpc(), run.shape().type(), of.value));
                             }})};
}

}  // namespace polder::operators
