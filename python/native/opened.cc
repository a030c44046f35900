#include "opened.h"

#include <nanobind/stl/string.h>

#include "plan/value.h"

namespace nb = nanobind;

namespace polder {

nb::list as_python(const std::vector<Result>& results) {
  nb::list all;
  for (const Result& result : results) {
    nb::list columns;
    for (const ResultColumn& column : result.columns) {
      nb::list texts, withheld;
      for (std::size_t row = 0; row < result.rows; ++row) {
        const auto stored =
            std::span(column.values).subspan(row * column.row_words, column.row_words);
        if (column.null[row] || column.withheld[row])
          texts.append(nb::none());
        else
          texts.append(value_text(column.type, stored));
        withheld.append(bool(column.withheld[row]));
      }
      columns.append(nb::make_tuple(column.name, json_text(to_json(column.type)), texts, withheld));
    }
    all.append(nb::make_tuple(result.label, columns));
  }
  return all;
}

}  // namespace polder
