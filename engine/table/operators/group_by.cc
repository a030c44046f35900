#include <algorithm>

#include "table/aggregate_steps.h"
#include "table/aggregation.h"
#include "table/execution.h"

namespace polder::operators {

/// One column of the answer: what it is called, the aggregate, and of which column (none: rows).
struct Get {
  std::string label, aggregate, column;
};

Json to_json(const Get& get) { return Json::List{get.label, get.aggregate, get.column}; }

void from_json(const Json& json, Get& get, const std::string& what) {
  std::vector<std::string> parts;
  from_json(json, parts, what);
  if (parts.size() != 3) fail(Code::bad_input, "{}: each is [label, aggregate, column]", what);
  get = {parts[0], parts[1], parts[2]};
}

namespace {

struct GroupBy {
  Names by;
  std::vector<Get> get;
  static constexpr auto fields =
      std::tuple{required("by", &GroupBy::by), required("get", &GroupBy::get)};
};

/// As many groups as the keys' types have values, if those are few.
std::uint64_t max_groups(const std::vector<ColumnShape>& keys, std::uint64_t rows) {
  Int128 groups = 1;
  for (const ColumnShape& key : keys) {
    if (!key.type.is_stored_number()) return rows;
    groups *= std::min<Int128>(key.type.bounds.high - key.type.bounds.low + 1, rows + 1);
    if (groups > rows) return rows;
  }
  return static_cast<std::uint64_t>(groups);
}

Shape infer(const GroupBy& group, const Inference& in) {
  const Shape& rows = *in.of[0];
  Shape shape;
  shape.rows = in.self;
  shape.grouped = true;
  shape.order = {Order::Kind::by, group.by};
  shape.unique = {group.by};
  require_records(in);
  if (group.by.empty()) in.no.add(Problem::name, "group by at least one column");
  for (const std::string& name : group.by) {
    const ColumnShape* key = in.column(0, name);
    if (key == nullptr) continue;
    shape.columns.push_back(*key);
    shape.columns.back().counted = true;
    shape.columns.back().type.null = false;  // rows without a key are in no group
  }
  if (!in.no.empty()) return shape;
  shape.max_rows = max_groups(shape.columns, rows.max_rows);
  for (const Get& get : group.get) {
    const ColumnShape* column = get.column.empty() ? nullptr : in.column(0, get.column);
    if (column == nullptr && !get.column.empty()) continue;
    if (get.label.empty() || shape.find(get.label) != nullptr)
      in.no.add(Problem::name, "the columns of a group need names, each another; '{}' is none",
                get.label);
    shape.columns.push_back(aggregate_shape(in, get.aggregate, get.label, column, rows.max_rows));
  }
  return shape;
}

std::vector<Used> uses(const GroupBy& group, const Inference& in) {
  std::vector<Used> used;
  for (const std::string& name : group.by) used.push_back({0, name, Use::group_key});
  for (const Get& get : group.get) {
    if (get.column.empty()) continue;
    used.push_back({0, get.column, use_of_aggregated(in.of[0]->find(get.column)->type)});
  }
  return used;
}

/// Every question once, in the order of the plan, which is the same at all parties; and always how
/// many rows a group has.
std::vector<GroupQuery> all_queries(Execution& run, const GroupBy& group, const Frame& rows) {
  std::vector<GroupQuery> all{{nullptr, Statistic::rows}};
  for (const Get& get : group.get) {
    const Series* column = get.column.empty() ? nullptr : rows.at(get.column).get();
    for (const GroupQuery& query : queries(*run.registry().aggregate(get.aggregate), column)) {
      if (std::ranges::find(all, query) == all.end()) all.push_back(query);
    }
  }
  return all;
}

AnswerPointer lower(Execution& run, const GroupBy& group, Answers in) {
  const Frame& rows = in[0]->frame;
  const Shape& shape = run.shape();
  const std::shared_ptr<const Grouping> grouping = run.grouping(in[0], group.by);
  const Groups groups =
      ask_groups(run.mpc(), *grouping, rows.valid, all_queries(run, group, rows), shape.max_rows);

  std::map<GroupQuery, Count> counts;
  const GroupQuery size{nullptr, Statistic::rows};
  counts[size] = std::make_shared<const Arith>(std::get<Arith>(groups.answers.at(size)));
  std::vector<Type> key_types;
  for (std::size_t i = 0; i < group.by.size(); ++i) key_types.push_back(shape.columns[i].type);
  std::vector<Bits> keys = keys_apart(run.mpc(), groups.keys, key_types);

  Frame frame{groups.rows, groups.valid, {}};
  for (std::size_t i = 0; i < group.by.size(); ++i) {
    Series key(key_types[i], std::move(keys[i]));
    key.set_behind({counts[size]});
    frame.columns.emplace_back(group.by[i], share(std::move(key)));
  }
  for (std::size_t i = 0; i < group.get.size(); ++i) {
    const Get& get = group.get[i];
    const Series* column = get.column.empty() ? nullptr : rows.at(get.column).get();
    const Type& type = shape.columns[group.by.size() + i].type;
    frame.columns.emplace_back(
        get.label, share(aggregated(run.mpc(), *run.registry().aggregate(get.aggregate), type,
                                    column, groups.answers, counts)));
  }
  return answer(std::move(frame));
}

}  // namespace

std::vector<Operator> group_by() {
  return {describe<GroupBy>(
      {.name = "group_by",
       .takes = {Taken::frame},
       .python = "DataFrame.groupby(by).agg(**get)",
       .what = "A row for each key that occurs, in the order of the keys; how many stays secret.",
       .differs = {"rows whose key is missing are in no group (as pandas' dropna=True)"},
       .oracle = "frame.groupby(by, observed=True).agg(**get).reset_index()",
       .example = "visits.groupby('city').agg(n=('age', 'size'), cost=('cost', 'mean'))",
       .infer = infer,
       .uses = uses,
       .lower = lower})};
}

}  // namespace polder::operators
