#include "wire/manifest.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <set>

#include "base/bits.h"
#include "base/error.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "crypto/hex.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::uint64_t max_rows = std::uint64_t{1} << 31;
constexpr std::uint64_t latest_time = std::uint64_t{1} << 52;  // ms; the year 144000
constexpr std::size_t max_columns = 1000, max_typed_columns = 4096;
constexpr int max_width = 4096, max_bits = 256, max_typed_bits = 65'536;

void check_type(std::string_view type) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (type.empty() || type.size() > 32 || !std::all_of(type.begin(), type.end(), allowed)) {
    fail(Code::bad_input, "manifest: a column's type must be 1 to 32 of a-z, 0-9 and _");
  }
}

ColumnSpec::Kind kind_named(std::string_view name) {
  if (name == "bits") return ColumnSpec::Kind::bits;
  if (name == "arith") return ColumnSpec::Kind::arith;
  fail(Code::bad_input, "manifest: a column's kind must be \"bits\" or \"arith\"");
}

ColumnSpec parse_column(const json::value& value) {
  if (!value.is_object()) fail(Code::bad_input, "manifest: each column must be an object");
  Fields fields(value.get_object(), "manifest column");
  ColumnSpec column{.name = fields.name("name"),
                    .type = fields.text("type"),
                    .kind = kind_named(fields.text("kind")),
                    .width = static_cast<int>(fields.integer("width", 1, max_width))};
  fields.done();
  check_type(column.type);
  if (column.kind == ColumnSpec::Kind::arith && column.width % 64 != 0) {
    fail(Code::bad_input, "manifest: an arith column is a multiple of 64 bits wide, not {}",
         column.width);
  }
  if (column.kind == ColumnSpec::Kind::bits && column.width > max_bits) {
    fail(Code::bad_input, "manifest: a bits column is at most {} bits wide, not {}", max_bits,
         column.width);
  }
  return column;
}

/// ["age", {"int": ["0", "120"]}]
TypedColumn parse_typed(const json::value& value) {
  const json::array* const pair = value.if_array();
  if (pair == nullptr || pair->size() != 2 || !pair->at(0).is_string())
    fail(Code::bad_input, "manifest: each column of 'schema' must be a name and a type");
  TypedColumn column{.name = std::string(pair->at(0).get_string()), .type = {}};
  check_name(column.name, "manifest: a column's name");
  const std::string what = fmt::format("manifest: column '{}'", column.name);
  from_json(parse_json(canonical(pair->at(1)), what), column.type, what);
  if (column.type.width() > max_typed_bits)
    fail(Code::bad_input, "{}: a value takes {} bits; at most {} are possible", what,
         column.type.width(), max_typed_bits);
  return column;
}

std::vector<TypedColumn> parse_schema(Fields& fields) {
  std::vector<TypedColumn> schema;
  std::set<std::string> names;
  for (const json::value& column : fields.list("schema", max_typed_columns)) {
    schema.push_back(parse_typed(column));
    if (!names.insert(schema.back().name).second)
      fail(Code::bad_input, "manifest: two columns have the same name; rename one");
  }
  return schema;
}

json::array to_json(const std::vector<TypedColumn>& schema) {
  json::array list;
  for (const TypedColumn& column : schema) {
    list.push_back(json::array{column.name, json::parse(json_text(to_json(column.type)))});
  }
  return list;
}

/// Format 1 had a hash of component 2 that let node 0 test guesses of the whole table.
void check_format(Fields& fields) {
  if (fields.integer("format", 1, manifest_format) == manifest_format) return;
  fail(Code::bad_schema,
       "manifest: the table was uploaded by an older version of Polder; its owner must upload it "
       "again with this one");
}

std::array<std::string, 3> parse_hashes(Fields& fields) {
  const std::vector<std::string> texts = fields.texts("hashes", 3);
  if (texts.size() != 3) {
    fail(Code::bad_input, "manifest: 'hashes' must be of three components, not {}", texts.size());
  }
  for (const std::string& text : texts) check_hex(text, 32, "manifest: a component's hash");
  return {texts[0], texts[1], texts[2]};
}

void check_columns(const Manifest& manifest) {
  std::set<std::string_view> names;
  std::uint64_t bytes = 0;
  for (const ColumnSpec& column : manifest.columns) {
    if (!names.insert(column.name).second) {
      fail(Code::bad_input, "manifest: two columns have the same name; rename one");
    }
    bytes += column_bytes(column, manifest.rows);  // < 2^31 * 2^13 * 2^12: cannot overflow
  }
  if (manifest.columns.empty()) fail(Code::bad_input, "manifest: a table needs a column");
  if (bytes != manifest.data_bytes) {
    fail(Code::bad_input, "manifest: data_bytes is {}, but its rows and columns make {}",
         manifest.data_bytes, bytes);
  }
}

}  // namespace

std::string number_part(std::size_t column) { return fmt::format("{}/number", column); }
std::string bits_part(std::size_t column) { return fmt::format("{}/bits", column); }
std::string null_part(std::size_t column) { return fmt::format("{}/null", column); }

std::vector<ColumnSpec> parts_of(const std::vector<TypedColumn>& schema) {
  using enum ColumnSpec::Kind;
  std::vector<ColumnSpec> parts;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const Type& type = schema[i].type;
    if (type.is_stored_number()) parts.push_back({number_part(i), "part", arith, 64});
    parts.push_back({bits_part(i), "part", bits, type.width()});
    if (type.null) parts.push_back({null_part(i), "part", bits, 1});
  }
  return parts;
}

std::uint64_t column_bytes(const ColumnSpec& column, std::uint64_t rows) {
  const auto width = static_cast<std::uint64_t>(column.width);
  if (column.kind == ColumnSpec::Kind::arith) return rows * (width / 8);
  return words_for_bits(rows) * width * 8;
}

Manifest parse_manifest(const json::object& object) {
  Fields fields(object, "manifest");
  check_format(fields);
  Manifest manifest{.name = fields.name("name"),
                    .owner = fields.name("owner"),
                    .rows = fields.integer("rows", 0, max_rows),
                    .columns = {},
                    .data_bytes = fields.integer("data_bytes", 0, UINT64_MAX),
                    .hashes = parse_hashes(fields),
                    .created = fields.integer("created", 0, latest_time),
                    .serves = parse_rule(fields.object("serves"))};
  if (fields.has("schema")) {
    manifest.schema = parse_schema(fields);
    manifest.columns = parts_of(manifest.schema);
  } else {
    for (const json::value& column : fields.list("columns", max_columns)) {
      manifest.columns.push_back(parse_column(column));
    }
  }
  if (fields.has("key")) manifest.key = read_key_columns(fields, "key");
  fields.done();
  check_columns(manifest);
  return manifest;
}

namespace {

json::array to_json(const std::vector<ColumnSpec>& columns) {
  json::array list;
  for (const ColumnSpec& column : columns) {
    list.push_back({{"name", column.name},
                    {"type", column.type},
                    {"kind", column.kind == ColumnSpec::Kind::bits ? "bits" : "arith"},
                    {"width", column.width}});
  }
  return list;
}

}  // namespace

json::object to_json(const Manifest& manifest) {
  json::object object{{"format", manifest_format},
                      {"name", manifest.name},
                      {"owner", manifest.owner},
                      {"rows", manifest.rows},
                      {"data_bytes", manifest.data_bytes},
                      {"hashes", json::array(manifest.hashes.begin(), manifest.hashes.end())},
                      {"created", manifest.created},
                      {"serves", to_json(manifest.serves)}};
  if (manifest.schema.empty()) {
    object["columns"] = to_json(manifest.columns);
  } else {
    object["schema"] = to_json(manifest.schema);
  }
  if (!manifest.key.empty()) object["key"] = to_json(manifest.key);
  return object;
}

std::string canonical(const Manifest& manifest) { return canonical(to_json(manifest)); }

std::string handle_of(const Manifest& manifest) { return to_hex(hash128(canonical(manifest))); }

}  // namespace polder
