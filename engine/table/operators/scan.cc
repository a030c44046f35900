#include <limits>

#include "table/execution.h"

namespace polder::operators {
namespace {

/// The rows of a table.
struct Scan {
  std::string table;
  std::string owner;
  std::uint64_t max_rows = 0;
  std::vector<ColumnShape> columns;
  static constexpr auto fields =
      std::tuple{required("table", &Scan::table), optional("owner", &Scan::owner),
                 required("most_rows", &Scan::max_rows), required("columns", &Scan::columns)};
};

Shape infer(const Scan& scan, const Inference& in) {
  Shape shape;
  shape.rows = in.self;
  shape.max_rows = scan.max_rows;
  shape.columns = scan.columns;
  if (scan.max_rows >= std::numeric_limits<std::uint32_t>::max())
    in.no.add(Problem::bound, "a table has less than 2^32 rows");
  std::set<std::string> names;
  for (ColumnShape& column : shape.columns) {
    column.from = {{in.self, column.name}};
    if (column.name.empty() || !names.insert(column.name).second)
      in.no.add(Problem::name, "column names are not empty, and each is there once");
  }
  return shape;
}

}  // namespace

std::vector<Operator> scan() {
  return {describe<Scan>({.name = "scan",
                          .python = "table(table, owner='', *, most_rows, columns)",
                          .what = "The rows of a table that an owner has put in.",
                          .example = "visits = po.table('visits')",
                          .infer = infer,
                          .reads =
                              [](const Scan& scan) {
                                return TableRead{scan.table, scan.owner, scan.max_rows};
                              },
                          .lower =
                              [](Execution& run, const Scan& scan, Answers) {
                                return answer(run.tables().read(
                                    scan.table, scan.owner, run.shape().columns, scan.max_rows));
                              }})};
}

}  // namespace polder::operators
