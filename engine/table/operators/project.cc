#include <algorithm>

#include "table/execution.h"

namespace polder::operators {
namespace {

/// Some columns, in this order.
struct Project {
  Names names;
  static constexpr auto fields = std::tuple{required("names", &Project::names)};
};

Shape infer(const Project& project, const Inference& in) {
  Shape shape = *in.of[0];
  shape.columns.clear();
  for (const std::string& name : project.names) {
    const ColumnShape* column = in.column(0, name);
    if (column != nullptr) shape.columns.push_back(*column);
    if (std::ranges::count(project.names, name) > 1)
      in.no.add(Problem::name, "the column '{}' is asked for twice", name);
  }
  std::erase_if(shape.unique, [&](const Names& names) {
    return !std::ranges::all_of(names, [&](const auto& name) { return shape.find(name); });
  });
  return shape;
}

}  // namespace

std::vector<Operator> project() {
  return {describe<Project>({.name = "project",
                             .takes = {Taken::frame},
                             .python = "DataFrame.__getitem__(names)",
                             .what = "Some of the columns.",
                             .oracle = "frame[names]",
                             .example = "visits[['age', 'cost']]",
                             .infer = infer,
                             .copies = Copies::inputs,
                             .lower = [](Execution&, const Project& project, Answers in) {
                               Frame frame{in[0]->frame.rows, in[0]->frame.valid, {}};
                               for (const std::string& name : project.names)
                                 frame.columns.emplace_back(name, in[0]->frame.at(name));
                               return answer(std::move(frame));
                             }})};
}

}  // namespace polder::operators
