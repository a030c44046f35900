#include "table/result.h"

#include "base/error.h"

namespace polder {
namespace {

/// Numbers as they are; bits with their sign, where the type has one.
Words row_words(const Part& part, const Type& type, std::size_t rows) {
  if (const Words* numbers = std::get_if<Words>(&part))
    return {numbers->begin(), numbers->begin() + static_cast<std::ptrdiff_t>(rows)};
  const PlainBits& bits = std::get<PlainBits>(part);
  if (bits.width() != type.width()) fail(Code::cheating, "a result's part has another width");
  Words words = bits.rows();
  words.resize(rows * words_for_bits(static_cast<std::size_t>(bits.width())));
  if (type.is_signed()) {
    const int unused = 64 - bits.width();
    for (std::uint64_t& word : words)
      word = static_cast<std::uint64_t>(static_cast<std::int64_t>(word << unused) >> unused);
  }
  return words;
}

}  // namespace

std::string value_part(const std::string& label, std::size_t column) {
  return fmt::format("{}/{}", label, column);
}

std::string flags_part(const std::string& label) { return label + "/flags"; }

Result result_of(const Graph& plan, StepId root,
                 const std::function<Part(const std::string& label)>& part) {
  const Step& node = plan.at(root);
  Result result{node.op->label(node.fields), 0, {}};
  const PlainBits flags = std::get<PlainBits>(part(flags_part(result.label)));
  const Words rows = flags.rows();
  if (flags.width() != static_cast<int>(1 + 2 * node.shape.columns.size()))
    fail(Code::cheating, "result '{}' has flags of another number of columns", result.label);
  const std::size_t words = words_for_bits(static_cast<std::size_t>(flags.width()));
  const auto is_set = [&](std::size_t row, std::size_t flag) {
    return (rows[row * words + flag / 64] >> flag % 64 & 1) != 0;
  };
  // Rows that are there come first.
  while (result.rows < flags.size() && is_set(result.rows, 0)) ++result.rows;
  for (std::size_t i = 0; i < node.shape.columns.size(); ++i) {
    const ColumnShape& shape = node.shape.columns[i];
    ResultColumn column{shape.name, shape.type, 1, {}, {}, {}};
    const Part values = part(value_part(result.label, i));
    if (std::visit([](const auto& all) { return all.size(); }, values) != flags.size())
      fail(Code::cheating, "result '{}' has columns of different lengths", result.label);
    column.values = row_words(values, shape.type, result.rows);
    if (!shape.type.is_stored_number())
      column.row_words = words_for_bits(static_cast<std::size_t>(shape.type.width()));
    for (std::size_t row = 0; row < result.rows; ++row) {
      column.null.push_back(is_set(row, 1 + 2 * i));
      column.withheld.push_back(is_set(row, 2 + 2 * i));
    }
    result.columns.push_back(std::move(column));
  }
  return result;
}

}  // namespace polder
