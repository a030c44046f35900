// The module _polder_plans: plans as polder.plan writes them down, checked at once, and run in this
// process. It needs no network, so it stands apart from _polder. Errors are raised as the classes
// of polder.errors.
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/hex.h"
#include "opened.h"
#include "operators/all_operators.h"
#include "plan/text.h"
#include "plan/value.h"
#include "simulation/explain.h"
#include "simulation/simulate.h"

namespace nb = nanobind;

namespace polder {
namespace {

using Roots = std::vector<StepId>;
using Texts = std::vector<std::optional<std::string>>;

void raise_in_python(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    const std::string code(name(error.code()));
    const nb::object kind = nb::module_::import_("polder.errors").attr("of_code")(code.c_str());
    PyErr_SetString(kind.ptr(), error.what());
  }
}

Type type_of(const std::string& json) {
  Type type;
  from_json(parse_json(json, "type"), type, "type");
  return type;
}

constexpr std::string_view form_names[] = {"frame", "series", "value", "root"};

/// {"form","max_rows","owner","grouped","columns":[[name, type, error as text]]}
std::string shape_text(const Graph& graph, StepId id) {
  const Shape& shape = graph.at(id).shape;
  Json::List columns;
  for (const ColumnShape& column : shape.columns)
    columns.push_back(
        Json::List{column.name, to_json(column.type), fmt::format("{}", column.type.error)});
  const Step& made_rows = graph.at(shape.rows);
  const bool is_table = made_rows.op->reads && shape.form != Form::value;
  return json_text(
      Json::Object{{"form", form_names[static_cast<std::size_t>(shape.form)]},
                   {"most_rows", static_cast<std::int64_t>(shape.max_rows)},
                   {"owner", is_table ? made_rows.op->reads(made_rows.fields).owner : ""},
                   {"grouped", shape.grouped},
                   {"columns", std::move(columns)}});
}

std::vector<std::pair<std::string, std::string>> complaints(const Graph& graph, StepId id) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [problem, message] : graph.at(id).complaints)
    all.emplace_back(name(problem), fmt::format("{}: {}: {}", graph.at(id).origin,
                                                graph.at(id).op->name, message));
  return all;
}

/// Adds a column of a table from its values' texts. `first_row` is how the file counts its first.
void put_texts(PlainTable& table, const std::string& name, const std::string& type_json,
               const Texts& texts, std::size_t first_row) {
  PlainColumn column{name, type_of(type_json), {}, {}};
  const std::size_t row_words = words_for_bits(static_cast<std::size_t>(column.type.width()));
  for (std::size_t row = 0; row < texts.size(); ++row) {
    column.null.push_back(!texts[row]);
    Words stored(row_words, 0);
    if (texts[row]) {
      try {
        stored = stored_value(column.type, *texts[row]);
      } catch (const Error& error) {
        fail(Code::bad_schema, "column '{}', row {}: {} ({})", name, first_row + row, error.what(),
             column.type.text());
      }
    } else if (!column.type.null) {
      fail(Code::bad_schema,
           "column '{}', row {}: the value is missing; declare the column with null=True, or fill "
           "it up",
           name, first_row + row);
    }
    column.values.insert(column.values.end(), stored.begin(), stored.end());
  }
  if (!column.type.null) column.null.clear();
  table.rows = texts.size();
  table.columns.push_back(std::move(column));
}

nb::list run(const Graph& graph, const Roots& roots, const PlainTables& tables,
             const Parameters& parameters, const std::string& protocol) {
  std::vector<Result> results;
  {
    nb::gil_scoped_release others_run;
    results = simulate(plan_of(graph, roots), tables, parameters, protocol);
  }
  return as_python(results);
}

}  // namespace
}  // namespace polder

NB_MODULE(_polder_plans, module) {
  using namespace polder;
  nb::register_exception_translator(raise_in_python);
  module.def("descriptors", [] { return json_text(descriptors(all_operators())); });
  nb::class_<PlainTable>(module, "Table")
      .def(nb::init<>())
      .def("put", put_texts, nb::arg("name"), nb::arg("type"), nb::arg("texts"),
           nb::arg("first_row"))
      .def_ro("rows", &PlainTable::rows);
  nb::class_<Graph>(module, "Graph")
      .def("__init__", [](Graph* graph) { new (graph) Graph(all_operators()); })
      .def("add",
           [](Graph& graph, const std::string& op, const Roots& of, const std::string& fields,
              const std::string& origin) {
             return graph.add(op, of, parse_json(fields, op), origin);
           })
      .def("shape", shape_text)
      .def("complaints", complaints)
      .def("text",
           [](const Graph& graph, const Roots& roots) { return plan_text(plan_of(graph, roots)); })
      .def("fingerprint",
           [](const Graph& graph, const Roots& roots) {
             return to_hex(fingerprint(plan_of(graph, roots)));
           })
      .def("explain",
           [](const Graph& graph, const Roots& roots) { return explain(plan_of(graph, roots)); })
      .def("simulate", run, nb::arg("roots"), nb::arg("tables"), nb::arg("parameters"),
           nb::arg("protocol"));
}
