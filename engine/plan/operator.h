// One descriptor an operator: its name, fields, what follows from public facts, what its columns
// are used for, what it reveals, how it is done on shares, and how it shows in Python. Checks,
// texts, explanations, methods, documents and tests come from it; there is no second list.
#pragma once

#include <any>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plan/complaints.h"
#include "plan/fields.h"
#include "plan/shape.h"
#include "plan/uses.h"

namespace polder {

class Registry;
class Execution;  // table/execution.h
struct Answer;    // table/answer.h
using AnswerPointer = std::shared_ptr<const Answer>;
using Answers = std::span<const AnswerPointer>;

/// What an input may be: rows with names, a column over rows or one value, one value, all of these.
enum class Taken { frame, column, value, any };

/// What an operator may look at before anything is computed.
struct Inference {
  StepId self;  // the number of the node that asks
  std::vector<const Shape*> of;
  const Registry& registry;
  Complaints& no;

  /// The named column of an input frame; null and a complaint if there is none.
  const ColumnShape* column(std::size_t input, std::string_view name) const;
};

/// A column of an input and what for; no name: the input is a column itself.
struct Used {
  std::size_t input;
  std::string column;
  Use use;
};

/// A table that a node reads.
struct TableRead {
  std::string table, owner;
  std::uint64_t max_rows;
};

/// Who learns what a root opens, and of how many rows each cell must speak.
struct OpensTo {
  Names to;
  std::uint64_t min_group;
};

/// Whose cells the answer's are, as they are; of the others, if any, only public sizes count.
enum class Copies { nothing, inputs, first_input };

struct Operator {
  std::string name;
  int version = 1;
  std::vector<Taken> takes;
  std::optional<Taken> more;  // and any number of these
  std::vector<FieldInfo> fields;

  std::string python;                // "DataFrame.filter(where)": an input or a field each, by name
  std::string what;                  // one sentence
  std::vector<std::string> differs;  // from pandas
  std::string oracle;                // the same in pandas
  std::string example;

  std::function<std::any(JsonFields&)> read;
  std::function<void(const std::any&, Json::Object&)> write;
  /// Called with as many inputs of the right form.
  std::function<Shape(const std::any&, const Inference&)> infer;
  std::function<std::vector<Used>(const std::any&, const Inference&)> uses;
  /// To whom what; empty: nothing to nobody.
  std::function<std::string(const std::any&, const Inference&)> reveals;
  /// Of a root: what sorts it among the plan's roots, and names its result.
  std::function<std::string(const std::any&)> label;
  /// Of an operator that reads a table; of a root that opens.
  std::function<TableRead(const std::any&)> reads;
  std::function<OpensTo(const std::any&)> opens;
  /// The word by which the owner of a table (wire/table_rule.h) lets this answer be shown to others
  /// row by row, to each owner in the rows of its own tables; empty: never.
  std::string owners_learn;
  Copies copies = Copies::nothing;
  std::function<AnswerPointer(Execution&, const std::any&, Answers)> lower;

  bool is_root() const { return static_cast<bool>(label); }
  std::string full_name() const { return name + "@" + std::to_string(version); }
};

/// An operator with fields of one struct, as its file writes it down.
template <typename Fields>
struct OperatorOf {
  std::string name = {};
  int version = 1;
  std::vector<Taken> takes = {};
  std::optional<Taken> more = {};
  std::string python = {};
  std::string what = {};
  std::vector<std::string> differs = {};
  std::string oracle = {};
  std::string example = {};
  std::function<Shape(const Fields&, const Inference&)> infer = {};
  std::function<std::vector<Used>(const Fields&, const Inference&)> uses = {};
  std::function<std::string(const Fields&, const Inference&)> reveals = {};
  std::function<std::string(const Fields&)> label = {};
  std::function<TableRead(const Fields&)> reads = {};
  std::function<OpensTo(const Fields&)> opens = {};
  std::string owners_learn = {};
  Copies copies = Copies::nothing;
  std::function<AnswerPointer(Execution&, const Fields&, Answers)> lower = {};
};

template <typename Fields>
Operator describe(OperatorOf<Fields> of) {
  const auto fields = [](const std::any& any) -> const Fields& {
    return *std::any_cast<Fields>(&any);
  };
  Operator op;
  op.name = std::move(of.name);
  op.version = of.version;
  op.takes = std::move(of.takes);
  op.more = of.more;
  op.fields = describe_fields<Fields>();
  op.python = std::move(of.python);
  op.what = std::move(of.what);
  op.differs = std::move(of.differs);
  op.oracle = std::move(of.oracle);
  op.example = std::move(of.example);
  op.read = [](JsonFields& json) -> std::any { return read_fields<Fields>(json); };
  op.write = [fields](const std::any& any, Json::Object& json) { write_fields(fields(any), json); };
  op.infer = [fields, infer = std::move(of.infer)](const std::any& any, const Inference& in) {
    return infer(fields(any), in);
  };
  op.uses = [fields, uses = std::move(of.uses)](const std::any& any, const Inference& in) {
    return uses ? uses(fields(any), in) : std::vector<Used>();
  };
  op.reveals = [fields, reveals = std::move(of.reveals)](const std::any& any, const Inference& in) {
    return reveals ? reveals(fields(any), in) : std::string();
  };
  if (of.label) {
    op.label = [fields, label = std::move(of.label)](const std::any& any) {
      return label(fields(any));
    };
  }
  if (of.reads) {
    op.reads = [fields, reads = std::move(of.reads)](const std::any& any) {
      return reads(fields(any));
    };
  }
  if (of.opens) {
    op.opens = [fields, opens = std::move(of.opens)](const std::any& any) {
      return opens(fields(any));
    };
  }
  op.owners_learn = std::move(of.owners_learn);
  op.copies = of.copies;
  op.lower = [fields, lower = std::move(of.lower)](Execution& run, const std::any& any,
                                                   Answers in) {
    return lower(run, fields(any), in);
  };
  return op;
}

}  // namespace polder
