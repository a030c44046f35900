#include <algorithm>

#include "base/error.h"
#include "bench/row.h"

namespace polder::bench {
namespace {

std::vector<Row> every_row() {
  std::vector<Row> all;
  for (auto* group : {calibration, primitives, sorts, groups, joins, matches})
    std::ranges::move(group(), std::back_inserter(all));
  return all;
}

bool is_named(const Row& row, const std::string& name) {
  return row.group == name || row.name == name;
}

void require_known(const std::vector<Row>& all, const std::string& name) {
  const auto named = [&](const Row& row) { return is_named(row, name); };
  if (std::ranges::none_of(all, named)) {
    fail(Code::bad_input, "no group or row '{}'; --help lists them", name);
  }
}

}  // namespace

std::vector<Row> rows_named(const std::vector<std::string>& wanted) {
  std::vector<Row> rows = every_row();
  for (const std::string& name : wanted) require_known(rows, name);
  const auto is_wanted = [&](const Row& row) {
    if (row.wanted == Row::Wanted::by_name) return std::ranges::count(wanted, row.name) > 0;
    const auto names_it = [&](const std::string& name) { return is_named(row, name); };
    return wanted.empty() || row.group == "calibration" || std::ranges::any_of(wanted, names_it);
  };
  std::erase_if(rows, [&](const Row& row) { return !is_wanted(row); });
  return rows;
}

}  // namespace polder::bench
