#include <algorithm>

#include "table/aggregation.h"
#include "table/execution.h"
#include "table/key_columns.h"

namespace polder::operators {
namespace {

/// To which both can be brought exactly: of one kind and scale, of the wider bounds or length.
Type common_type(const Inference& in, const std::string& name, const Type& x, const Type& y) {
  if (!keys_match(x, y) && !(x.kind == TypeKind::fixed && y.kind == x.kind && y.scale == x.scale)) {
    in.no.add(Problem::type, "column '{}' is {} in one table and {} in another; cast one", name,
              x.text(), y.text());
    return x;
  }
  Type common = x;
  if (common.is_stored_number()) common.bounds = hull(x.bounds, y.bounds);
  common.length = std::max(x.length, y.length);
  common.null = x.null || y.null;
  common.error = std::max(x.error, y.error);
  return common;
}

Shape infer(const NoFields&, const Inference& in) {
  Shape shape;
  shape.rows = in.self;
  shape.columns = in.of[0]->columns;
  for (const Shape* part : in.of) {
    shape.max_rows += part->max_rows;
    shape.parts.push_back({part->rows, part->filters});
    if (part->grouped)
      in.no.add(Problem::opening,
                "these rows are groups; put the records below each other and group them then");
    if (part->columns.size() != shape.columns.size())
      in.no.add(Problem::name, "tables of {} and {} columns; name those that all have",
                shape.columns.size(), part->columns.size());
  }
  for (ColumnShape& column : shape.columns) {
    column.counted = false;  // some rows may be single records
    for (std::size_t i = 1; i < in.of.size(); ++i) {
      const ColumnShape* other = in.column(i, column.name);
      if (other == nullptr) continue;
      column.type = common_type(in, column.name, column.type, other->type);
      column.from.insert(other->from.begin(), other->from.end());
    }
  }
  return shape;
}

/// The column of every table, one below the other, in the forms that all have.
Series below(Protocol& mpc, const Type& type, const std::vector<const Series*>& parts) {
  const auto all = [&](bool (Series::*has)() const) {
    return std::ranges::all_of(parts, [&](const Series* part) { return (part->*has)(); });
  };
  const bool numbers = type.is_stored_number() && all(&Series::has_number);
  std::vector<Arith> number;
  std::vector<Bits> bits, null;
  for (const Series* part : parts) {
    if (numbers) number.push_back(part->number(mpc));
    if (!numbers || all(&Series::has_bits)) bits.push_back(widened(mpc, *part, type.width()));
    null.push_back(part->null() != nullptr ? *part->null() : mpc.constant(part->size(), 1, 0));
  }
  Series series = !numbers       ? Series(type, concat(bits))
                  : bits.empty() ? Series(type, concat(number))
                                 : Series(type, concat(number), concat(bits));
  if (type.null) series.set_null(concat(null));
  return series;
}

AnswerPointer lower(Execution& run, const NoFields&, Answers in) {
  Protocol& mpc = run.mpc();
  Frame frame;
  std::vector<Bits> valid;
  bool all_valid = true;
  for (const AnswerPointer& part : in) {
    frame.rows += part->frame.rows;
    valid.push_back(bits_or_all(mpc, part->frame.valid, part->frame.rows));
    all_valid &= !part->frame.valid;
  }
  if (!all_valid) frame.valid = concat(valid);
  for (const ColumnShape& column : run.shape().columns) {
    std::vector<const Series*> parts;
    for (const AnswerPointer& part : in) parts.push_back(part->frame.at(column.name).get());
    frame.columns.emplace_back(column.name, share(below(mpc, column.type, parts)));
  }
  return answer(std::move(frame));
}

}  // namespace

std::vector<Operator> concat() {
  return {describe<NoFields>({.name = "concat",
                              .takes = {Taken::frame},
                              .more = Taken::frame,
                              .python = "concat(tables)",
                              .what = "The rows of several tables, one table below the other.",
                              .differs = {"tables have the same columns, of one kind and scale"},
                              .oracle = "pandas.concat(tables, ignore_index=True)",
                              .example = "po.concat([visits_of_a, visits_of_b])",
                              .infer = infer,
                              .copies = Copies::inputs,
                              .lower = lower})};
}

}  // namespace polder::operators
