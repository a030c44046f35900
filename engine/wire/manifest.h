// What an owner says about a table before its data: the text that is signed, and whose hash is the
// table's handle. All three nodes get the same one.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plan/type.h"
#include "wire/key_column.h"
#include "wire/table_rule.h"

namespace boost::json {
class object;
}

namespace polder {

inline constexpr std::uint64_t manifest_format = 2;

struct ColumnSpec {
  enum class Kind { bits, arith };
  std::string name;
  std::string type;  // what the values mean: "hash128", "flag", "integer", "report", …
  Kind kind;
  int width;  // bits per row: bits 1..256; arith 64 a number, of which a row may have up to 64
};

/// A column of values of a declared type, which plans read by its name.
struct TypedColumn {
  std::string name;
  Type type;
};

/// The columns in which typed ones are stored, in order: of column i its numbers, "i/number", if
/// its type is stored as one, its bits, "i/bits", and, if values may be missing, which, "i/null".
std::vector<ColumnSpec> parts_of(const std::vector<TypedColumn>& schema);
std::string number_part(std::size_t column);
std::string bits_part(std::size_t column);
std::string null_part(std::size_t column);

struct Manifest {
  std::string name;
  std::string owner;
  std::uint64_t rows;
  std::vector<ColumnSpec> columns;    // of a typed table: parts_of(schema)
  std::uint64_t data_bytes;           // of component 2, all columns after each other
  std::array<std::string, 3> hashes;  // of the three components: component_hashes.h
  std::uint64_t created;              // unix ms, at the owner's clock
  TableRule serves = {};
  std::vector<KeyColumn> key = {};       // what its identifiers were made of
  std::vector<TypedColumn> schema = {};  // empty: a table for matching
};

/// Bytes of one component of a column: words of 64 rows a plane for bits, one a number for arith.
std::uint64_t column_bytes(const ColumnSpec& column, std::uint64_t rows);

/// Throws Error bad_input naming the field: unknown or missing fields, names, widths, more than
/// 2^31 rows or 1000 columns, sizes that do not fit rows and columns; bad_schema for a manifest of
/// an older version.
Manifest parse_manifest(const boost::json::object& object);

boost::json::object to_json(const Manifest& manifest);

/// The bytes that the owner signs.
std::string canonical(const Manifest& manifest);

/// hex BLAKE2b-128 of the canonical manifest.
std::string handle_of(const Manifest& manifest);

}  // namespace polder
