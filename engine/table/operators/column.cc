#include "table/execution.h"

namespace polder::operators {
namespace {

struct OneColumn {
  std::string name;
  static constexpr auto fields = std::tuple{required("name", &OneColumn::name)};
};

Shape infer(const OneColumn& of, const Inference& in) {
  Shape shape = *in.of[0];
  shape.form = Form::series;
  const ColumnShape* column = in.column(0, of.name);
  if (column != nullptr) shape.columns = {ColumnShape(*column)};
  return shape;
}

}  // namespace

std::vector<Operator> column() {
  return {describe<OneColumn>({.name = "column",
                               .takes = {Taken::frame},
                               .python = "DataFrame.__getitem__(name)",
                               .what = "One column of a table.",
                               .oracle = "frame[name]",
                               .example = "visits['age']",
                               .infer = infer,
                               .copies = Copies::inputs,
                               .lower = [](Execution&, const OneColumn& of, Answers in) {
                                 return answer_series(*in[0]->frame.at(of.name),
                                                      in[0]->frame.valid);
                               }})};
}

}  // namespace polder::operators
