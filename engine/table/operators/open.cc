#include <algorithm>

#include "ops/compare/compare.h"
#include "ops/compare/logic.h"
#include "ops/order/permute.h"
#include "ops/order/stable_partition.h"
#include "table/execution.h"
#include "table/result.h"

namespace polder::operators {
namespace {

/// Who learns a table or value, and of how many rows at least each cell must speak.
struct Open {
  std::string label;
  Names to;
  std::uint64_t min_group = 0;
  std::string purpose;
  static constexpr auto fields =
      std::tuple{required("label", &Open::label), required("to", &Open::to),
                 required("min_group", &Open::min_group), optional("purpose", &Open::purpose)};
};

Shape infer(const Open& open, const Inference& in) {
  Shape shape = *in.of[0];
  if (shape.form == Form::series)
    in.no.add(Problem::opening, "a column alone has no rows to go with; open a table");
  if (open.label.empty()) in.no.add(Problem::opening, "a result has a label");
  if (open.to.empty()) in.no.add(Problem::opening, "say who learns it: open(to=...)");
  if (std::set<std::string>(open.to.begin(), open.to.end()).size() != open.to.size())
    in.no.add(Problem::opening, "a recipient stands twice");
  if (open.min_group == 0) in.no.add(Problem::opening, "min_group is at least 1");
  for (const ColumnShape& column : shape.columns) {
    if (column.is_of_records() && open.min_group > 1) {
      in.no.add(Problem::opening,
                "each value of '{}' is of a single record; group the rows, or open them with "
                "min_group=1",
                column.name);
    }
    if (column.type.kind == TypeKind::identifier)
      in.no.add(Problem::opening,
                "'{}' is an identifier, of which only a hash is there; leave it "
                "out",
                column.name);
  }
  shape.form = Form::root;
  return shape;
}

std::string reveals(const Open& open, const Inference& in) {
  std::string columns, to;
  bool of_records = false;
  for (const ColumnShape& column : in.of[0]->columns) {
    columns += (columns.empty() ? "" : ", ") + (column.name.empty() ? "a value" : column.name);
    of_records |= column.is_of_records();
  }
  for (const std::string& name : open.to) to += (to.empty() ? "" : ", ") + name;
  return fmt::format("to {}: {}{}", to, columns,
                     of_records ? " of every row, and how many there are"
                                : fmt::format(", groups >= {}", open.min_group));
}

/// What is shown of each column, and what is withheld.
struct Cells {
  std::vector<Bits> shown;     // there, and behind it as many rows as are wanted
  std::vector<Bits> withheld;  // the row is there, and behind it too few
};

class Opening {
 public:
  Opening(Execution& run, const Open& open) : mpc_(run.mpc()), open_(open) {}

  void all(const Frame& frame, const Order& order) {
    const Bits valid = bits_or_all(mpc_, frame.valid, frame.rows);
    std::vector<Column> columns;
    std::vector<Bits> flags{valid}, shown;
    std::optional<Bits> any;  // a cell of the row is shown
    for (const auto& [name, series] : frame.columns) {
      const Bits enough = both_or_one(valid, enough_behind(*series));
      const Bits missing = series->null() == nullptr ? mpc_.constant(frame.rows, 1, 0)
                                                     : mpc_.bit_and(*series->null(), enough);
      flags.push_back(missing);
      flags.push_back(valid ^ enough);  // enough implies valid
      shown.push_back(enough ^ missing);
      if (series->behind().empty() && any_behind(frame)) continue;
      any = any ? bit_or(mpc_, *any, enough) : enough;
    }
    for (std::size_t i = 0; i < frame.columns.size(); ++i)
      columns.push_back(masked(*frame.columns[i].second, shown[i]));
    std::vector<const Bits*> parts;
    for (const Bits& flag : flags) parts.push_back(&flag);
    columns.push_back(join_bits(parts));
    if (frame.valid || any_behind(frame) || order.kind == Order::Kind::none)
      columns = in_order(std::move(columns), valid, any.value_or(valid), order);
    deliver(frame, columns);
  }

 private:
  static bool any_behind(const Frame& frame) {
    return std::ranges::any_of(frame.columns,
                               [](const auto& named) { return !named.second->behind().empty(); });
  }

  Bits both_or_one(const Bits& valid, const std::optional<Bits>& enough) {
    return enough ? mpc_.bit_and(valid, *enough) : valid;
  }

  /// Behind each row there are as many as are wanted, by every count that there is of it.
  std::optional<Bits> enough_behind(const Series& series) {
    std::optional<Bits> all;
    for (const Count& count : series.behind()) {
      Bits& enough = enough_[count];
      if (enough.width() == 0) {
        enough = mpc_.bit_not(is_negative(mpc_, mpc_.add(*count, ~open_.min_group + 1)));
      }
      all = all ? mpc_.bit_and(*all, enough) : enough;
    }
    return all;
  }

  Column masked(const Series& series, const Bits& shown) {
    if (series.has_bits()) return mpc_.bit_and(series.bits(mpc_), shown);
    return mpc_.mul(series.number(mpc_), mpc_.to_arith(shown));
  }

  /// Rows that show something first, then those that are there, then the others, which are all
  /// zeros; else in their order, or in one that nobody knows.
  std::vector<Column> in_order(std::vector<Column> columns, const Bits& valid, const Bits& any,
                               const Order& order) {
    const Bits invalid = mpc_.bit_not(valid), nothing = mpc_.bit_not(any);
    columns.push_back(join_bits({&nothing, &invalid}));
    if (order.kind == Order::Kind::none) columns = shuffled(mpc_, std::move(columns));
    const Bits digit = std::get<Bits>(std::move(columns.back()));
    columns.pop_back();
    if (digit.size() == 0) return columns;
    return permute(mpc_, destinations(mpc_, digit), std::move(columns));
  }

  void deliver(const Frame& frame, const std::vector<Column>& columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string part =
          i < frame.columns.size() ? value_part(open_.label, i) : flags_part(open_.label);
      std::vector<Portion> portions;
      for (const std::string& to : open_.to) portions.push_back({{to, part}, 0, frame.rows});
      if (const Bits* bits = std::get_if<Bits>(&columns[i])) {
        // Safe: what the plan lists as revealed to these recipients: cells with as many rows behind
        // them as wanted, zeros in all others, and which is which; rows in a public or unknown
        // order.
        mpc_.open(*bits, portions);
      } else {
        // Safe: the same, of a column of numbers.
        mpc_.open(std::get<Arith>(columns[i]), portions);
      }
    }
  }

  Protocol& mpc_;
  const Open& open_;
  std::map<Count, Bits> enough_;
};

AnswerPointer lower(Execution& run, const Open& open, Answers in) {
  Frame frame = in[0]->frame;
  if (in[0]->form == Form::value) frame = {1, {}, {{"", in[0]->series}}};
  Opening(run, open).all(frame, run.shape_of_input(0).order);
  return answer(Frame{});
}

}  // namespace

std::vector<Operator> open() {
  return {describe<Open>(
      {.name = "open",
       .takes = {Taken::any},
       .python = "DataFrame.open(label, *, to, min_group, purpose='')",
       .what =
           "Somebody learns a table or value; cells with too few rows behind them are withheld.",
       .example = "costs.open(to='CBS', min_group=10)",
       .infer = infer,
       .uses =
           [](const Open&, const Inference& in) {
             std::vector<Used> used;
             for (const ColumnShape& column : in.of[0]->columns) {
               if (column.is_of_records()) used.push_back({0, column.name, Use::row_output});
             }
             return used;
           },
       .reveals = reveals,
       .label = [](const Open& open) { return open.label; },
       .opens =
           [](const Open& open) {
             return OpensTo{open.to, open.min_group};
           },
       .lower = lower})};
}

}  // namespace polder::operators
