#include <algorithm>
#include <array>

#include "ops/arithmetic/convert.h"
#include "ops/compare/compare.h"
#include "ops/groups/join.h"
#include "table/execution.h"
#include "table/key_columns.h"

namespace polder::operators {

enum class How { inner, left };
constexpr std::array<std::string_view, 2> names_of(How) { return {"inner", "left"}; }
/// Which side's keys are unique: that is checked on shares, and told as one bit.
enum class Validate { none, one_to_one, one_to_many, many_to_one };
constexpr std::array<std::string_view, 4> names_of(Validate) {
  return {"none", "1:1", "1:m", "m:1"};
}

namespace {

/// Rows of two tables side by side where their keys are equal. One side's keys are unique; the rows
/// of the other stay where they are.
struct Merge {
  Names left_on, right_on;
  How how = How::inner;
  Validate validate = Validate::none;
  Names suffixes = {"_x", "_y"};
  static constexpr auto fields =
      std::tuple{required("left_on", &Merge::left_on), required("right_on", &Merge::right_on),
                 optional("how", &Merge::how), optional("validate", &Merge::validate),
                 optional("suffixes", &Merge::suffixes)};
};

bool is_unique(const Shape& shape, const Names& on) {
  return std::ranges::any_of(shape.unique, [&](const Names& names) {
    return std::ranges::all_of(
        names, [&](const std::string& name) { return std::ranges::find(on, name) != on.end(); });
  });
}

/// The side whose keys are unique: 0 left, 1 right.
std::size_t unique_side(const Merge& merge, const Shape& left, const Shape& right) {
  if (merge.validate == Validate::many_to_one) return 1;
  if (merge.validate == Validate::one_to_many) return 0;
  if (merge.validate == Validate::one_to_one) return 1;
  if (is_unique(right, merge.right_on)) return 1;
  return is_unique(left, merge.left_on) ? 0 : 2;
}

/// Whether the nodes open a bit that tells if keys are as promised.
bool checks(const Merge& merge, const Shape& left, const Shape& right) {
  if (merge.validate == Validate::none) return false;
  if (merge.validate == Validate::one_to_one)
    return !is_unique(left, merge.left_on) || !is_unique(right, merge.right_on);
  return merge.validate == Validate::one_to_many ? !is_unique(left, merge.left_on)
                                                 : !is_unique(right, merge.right_on);
}

/// A column of the answer: of which side, and its name there and here.
struct Beside {
  std::size_t side;
  std::string name, here;
};

/// As in pandas: a key of the same name on both sides once, other names that collide with suffixes.
std::vector<Beside> columns_beside(const Merge& merge, const Shape& left, const Shape& right) {
  const auto is_shared_key = [&](const std::string& name) {
    for (std::size_t i = 0; i < merge.left_on.size(); ++i) {
      if (merge.left_on[i] == name && merge.right_on[i] == name) return true;
    }
    return false;
  };
  std::vector<Beside> all;
  for (const ColumnShape& column : left.columns) {
    const bool collides = right.find(column.name) != nullptr && !is_shared_key(column.name);
    all.push_back({0, column.name, column.name + (collides ? merge.suffixes[0] : "")});
  }
  for (const ColumnShape& column : right.columns) {
    if (is_shared_key(column.name)) continue;
    const bool collides = left.find(column.name) != nullptr;
    all.push_back({1, column.name, column.name + (collides ? merge.suffixes[1] : "")});
  }
  return all;
}

void check_keys(const Merge& merge, const Inference& in) {
  if (merge.left_on.empty() || merge.left_on.size() != merge.right_on.size())
    in.no.add(Problem::name, "as many keys on the left as on the right, and at least one");
  if (merge.suffixes.size() != 2) in.no.add(Problem::name, "two suffixes are wanted");
  for (std::size_t i = 0; i < std::min(merge.left_on.size(), merge.right_on.size()); ++i) {
    const ColumnShape* left = in.column(0, merge.left_on[i]);
    const ColumnShape* right = in.column(1, merge.right_on[i]);
    if (left == nullptr || right == nullptr) continue;
    if (!keys_match(left->type, right->type)) {
      in.no.add(Problem::type, "key '{}' is {}, '{}' is {}; cast one", left->name,
                left->type.text(), right->name, right->type.text());
    }
  }
}

Shape infer(const Merge& merge, const Inference& in) {
  const Shape &left = *in.of[0], &right = *in.of[1];
  check_keys(merge, in);
  if (!in.no.empty()) return left;
  const std::size_t unique = unique_side(merge, left, right);
  if (unique == 2) {
    in.no.add(Problem::bound,
              "keys may repeat on both sides; say validate='m:1' if the right ones are unique, "
              "'1:m' if the left ones are");
    return left;
  }
  if (merge.how == How::left && unique == 0 && merge.validate != Validate::one_to_one)
    in.no.add(Problem::bound,
              "how='left' keeps the rows of the side that may repeat; exchange the "
              "tables, or use how='inner'");
  const Shape& kept = *in.of[1 - unique];
  Shape shape;
  shape.rows = in.self;
  shape.max_rows = kept.max_rows;
  shape.order = kept.order;
  shape.grouped = kept.grouped;
  for (const auto& [side, name, here] : columns_beside(merge, left, right)) {
    ColumnShape column = *in.of[side]->find(name);
    column.name = here;
    if (merge.how == How::left && side == unique) column.type.null = true;
    shape.columns.push_back(std::move(column));
  }
  if (merge.how == How::inner || unique == 1) {
    for (const Names& names : kept.unique) {
      const auto is_here = [&](const auto& name) { return shape.find(name) != nullptr; };
      if (std::ranges::all_of(names, is_here)) shape.unique.push_back(names);
    }
  }
  return shape;
}

/// The columns of the unique side on their way to the other's rows, each in the form that costs
/// least there, its nulls, and what is behind them.
class Moving {
 public:
  explicit Moving(Protocol& mpc) : mpc_(mpc) {}

  void add(const Series& series) {
    Place place{series.type(), columns_.size(), {}, {}};
    if (series.has_number() && (!series.has_bits() || series.type().width() > 12))
      columns_.push_back(series.number(mpc_));
    else
      columns_.push_back(series.bits(mpc_));
    if (series.null() != nullptr) {
      place.null = columns_.size();
      columns_.push_back(*series.null());
    }
    for (const Count& count : series.behind()) place.behind.push_back(at(count));
    places_.push_back(std::move(place));
  }

  std::vector<Column> take() { return std::move(columns_); }

  /// Of the joined columns, the one that was added as the i-th; missing where `absent` is set.
  Series series(const std::vector<Column>& joined, std::size_t i, const Bits* absent) const {
    const Place& place = places_[i];
    const Column& values = joined[place.values];
    Series series = std::holds_alternative<Arith>(values)
                        ? Series(place.type, std::get<Arith>(values))
                        : Series(place.type, std::get<Bits>(values));
    std::optional<Bits> null;
    if (place.null) null = std::get<Bits>(joined[*place.null]);
    // Where nothing was found the moved bit is 0, so the two are never both set.
    if (absent != nullptr) null = null ? *null ^ *absent : *absent;
    series.set_null(std::move(null));
    std::vector<Count> behind;
    for (const std::size_t at : place.behind)
      behind.push_back(std::make_shared<const Arith>(std::get<Arith>(joined[at])));
    return std::move(series.set_behind(std::move(behind)));
  }

 private:
  struct Place {
    Type type;
    std::size_t values;
    std::optional<std::size_t> null;
    std::vector<std::size_t> behind;
  };

  std::size_t at(const Count& count) {
    const auto [known, is_new] = counts_.emplace(count, columns_.size());
    if (is_new) columns_.push_back(*count);
    return known->second;
  }

  Protocol& mpc_;
  std::vector<Column> columns_;
  std::vector<Place> places_;
  std::map<Count, std::size_t> counts_;
};

/// Throws if a valid key repeats that was promised to be unique.
void require_unique(Protocol& mpc, const Arith& repeated, std::string_view side) {
  const Bits broken = mpc.bit_not(is_zero(mpc, repeated));
  // Safe: the plan says that the nodes learn whether keys are as promised: one bit.
  if (mpc.open(broken, all_nodes).flag(0)) {
    fail(Code::bad_input,
         "merge: a key of the {} side stands there more than once, against 'validate'", side);
  }
}

/// How many valid rows have the key of an earlier one.
Arith repeated_keys(Execution& run, const AnswerPointer& frame, const Names& on) {
  Protocol& mpc = run.mpc();
  const std::shared_ptr<const Grouping> grouping = run.grouping(frame, on);
  const Bits inside = mpc.bit_not(bit(grouping->keys, grouping->keys.width() - 1));
  return total(mpc.to_arith(mpc.bit_and(inside, mpc.bit_not(grouping->segment_flags))));
}

AnswerPointer lower(Execution& run, const Merge& merge, Answers in) {
  Protocol& mpc = run.mpc();
  const Shape &left = run.shape_of_input(0), &right = run.shape_of_input(1);
  const std::size_t unique = unique_side(merge, left, right);
  const Frame &once = in[unique]->frame, &kept = in[1 - unique]->frame;
  const KeyColumns keys =
      key_columns(mpc, in[0]->frame, merge.left_on, in[1]->frame, merge.right_on);

  Moving moving(mpc);
  const std::vector<Beside> beside = columns_beside(merge, left, right);
  for (const auto& [side, name, here] : beside) {
    if (side == unique) moving.add(*once.at(name));
  }
  const KeySide &of_once = keys.sides[unique], &of_kept = keys.sides[1 - unique];
  const Joined joined =
      join(mpc, {&of_once.key, &of_once.valid}, moving.take(), {&of_kept.key, &of_kept.valid});
  if (checks(merge, left, right)) {
    require_unique(mpc, joined.repeated, unique == 0 ? "left" : "right");
    if (merge.validate == Validate::one_to_one)
      require_unique(mpc, repeated_keys(run, in[0], merge.left_on), "left");
  }

  Frame frame{kept.rows, kept.valid, {}};
  if (merge.how == How::inner) frame.valid = joined.found;
  const Bits absent = mpc.bit_not(joined.found);
  std::size_t moved = 0;
  for (const auto& [side, name, here] : beside) {
    const Bits* missing = merge.how == How::left ? &absent : nullptr;
    frame.columns.emplace_back(here, side == unique
                                         ? share(moving.series(joined.columns, moved++, missing))
                                         : kept.at(name));
  }
  return answer(std::move(frame));
}

std::vector<Used> uses(const Merge& merge, const Inference&) {
  std::vector<Used> used;
  for (const std::string& name : merge.left_on) used.push_back({0, name, Use::join_key});
  for (const std::string& name : merge.right_on) used.push_back({1, name, Use::join_key});
  return used;
}

}  // namespace

std::vector<Operator> merge() {
  return {describe<Merge>(
      {.name = "merge",
       .takes = {Taken::frame, Taken::frame},
       .python = "DataFrame.merge(right, how='inner', *, left_on, right_on, validate='none', "
                 "suffixes=('_x', '_y'))",
       .what = "Rows of two tables side by side where their keys are equal.",
       .differs = {"a missing key matches nothing; pandas matches it with other missing ones",
                   "rows keep the order of the side whose keys may repeat"},
       .oracle = "left.merge(right, how=how, left_on=left_on, right_on=right_on)",
       .example = "visits.merge(people, on='id', validate='m:1')",
       .infer = infer,
       .uses = uses,
       .reveals =
           [](const Merge& merge, const Inference& in) {
             return checks(merge, *in.of[0], *in.of[1])
                        ? std::string("to the nodes one bit: whether keys are as declared")
                        : std::string();
           },
       .lower = lower})};
}

}  // namespace polder::operators
