// What is known of a node's answer before anything is computed; all of it public.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plan/type.h"

namespace polder {

/// Nodes are numbered in the order of their list.
using StepId = std::size_t;
using Names = std::vector<std::string>;

/// A column of a table that is read: the number of its scan, and its name there.
struct Source {
  StepId scan;
  std::string name;
  friend auto operator<=>(const Source&, const Source&) = default;
};
using Sources = std::set<Source>;

struct ColumnShape {
  std::string name;  // of a series or value: as far as it has one
  Type type;
  Sources from;  // all columns that it was computed from
  /// How many source rows stand behind each value is known on shares: it can be withheld where they
  /// are few.
  bool counted = false;

  /// Its values may each speak of one record.
  bool is_of_records() const { return !counted && !from.empty(); }
};

/// In which order rows come out. Operators that need an order refuse `none`.
struct Order {
  enum class Kind { given, by, none };
  Kind kind = Kind::given;
  Names names;  // by these columns, ascending
};

enum class Form { frame, series, value, root };

/// Which rows: the node that made them, and the filters since.
struct RowOrigin {
  StepId rows;
  std::vector<StepId> filters;
  friend bool operator==(const RowOrigin&, const RowOrigin&) = default;
};

struct Shape {
  Form form = Form::frame;
  std::vector<ColumnShape> columns;  // of a series or value: one
  std::uint64_t max_rows = 0;

  // Of frames and series. Rows are told apart by the node that made them, and the filters since: a
  // series fits a frame of the same rows whose filters are at least its own.
  StepId rows = 0;
  std::vector<StepId> filters;
  /// Of the tables that were put one below the other as these rows, in order; else none.
  std::vector<RowOrigin> parts;

  // Of frames.
  Order order;
  std::vector<Names> unique;  // no two rows agree in all of these

  /// Rows are groups, not records.
  bool grouped = false;
  /// Something was wrong: what follows from it is not complained about again.
  bool broken = false;

  const ColumnShape* find(std::string_view name) const {
    for (const ColumnShape& column : columns) {
      if (column.name == name) return &column;
    }
    return nullptr;
  }
  const Type& type() const { return columns.at(0).type; }
  const Sources& from() const { return columns.at(0).from; }
};

}  // namespace polder
