#include "client/files/prepared_table.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <set>

#include "base/error.h"
#include "match/delegated/lookup.h"

namespace polder {
namespace {

using Kind = ColumnSpec::Kind;

PlainBits flag_bits(const std::vector<std::uint8_t>& flags) {
  PlainBits bits(flags.size(), 1);
  for (std::size_t row = 0; row < flags.size(); ++row) {
    const std::size_t block = row / BitShape::block_rows, in_block = row % BitShape::block_rows;
    bits.words()[bits.shape().plane_offset(block, 0) + in_block / 64] |= std::uint64_t{flags[row]}
                                                                         << (in_block % 64);
  }
  return bits;
}

/// Texts as rows of as many words as the longest takes, rounded up: all that their length tells.
struct TextRows {
  std::size_t words;
  Words values;  // [n, words]
};
TextRows text_rows(const std::vector<std::string>& texts) {
  const std::size_t words = padded_report_bytes(texts) / 8;
  TextRows rows{words, Words(texts.size() * words)};
  std::ranges::fill(rows.values, 0);
  for (std::size_t i = 0; i < texts.size(); ++i)
    std::memcpy(rows.values.data() + i * words, texts[i].data(), texts[i].size());
  return rows;
}

void add_column(PreparedTable& table, ColumnSpec column, const Words& component) {
  table.manifest.columns.push_back(std::move(column));
  table.data.insert(table.data.end(), component.begin(), component.end());
}

/// Two columns of one name would be split with the same random words, which nodes 1 and 2 could
/// take out again: refused before anything is split.
void check_names(const PartyFile& party) {
  std::set<std::string_view> names{identifier_column, flag_column};
  for (const std::string& column : {std::cref(party.attribute), std::cref(party.report)}) {
    if (column.empty() || names.insert(column).second) continue;
    fail(Code::bad_schema,
         "{}: column '{}' has a name that another column of the upload has ('{}' and '{}' are "
         "Polder's own); rename it in the file",
         party.file, column, identifier_column, flag_column);
  }
}

}  // namespace

PreparedTable prepare_table(const PartyFile& party, const TableHead& head, TableSecrets secrets,
                            std::uint64_t created_ms, const IdentifierType& type) {
  check_names(party);
  PreparedTable table{.manifest = {.name = head.name,
                                   .owner = head.owner,
                                   .rows = party.size(),
                                   .columns = {},
                                   .data_bytes = 0,
                                   .hashes = {},
                                   .created = created_ms,
                                   .serves = head.serves,
                                   .key = party.key},
                      .secrets = std::move(secrets),
                      .data = {}};
  const Seeds& seeds = table.secrets.seeds;
  const auto hashes = PlainBits::of_rows(party.hashes, party.size(), type.width);
  add_column(table, {std::string(identifier_column), type.name, Kind::bits, type.width},
             split_bits(hashes, seeds, identifier_column));
  if (party.has_flags) {
    add_column(table, {std::string(flag_column), "flag", Kind::bits, 1},
               split_bits(flag_bits(party.flags), seeds, flag_column));
  }
  if (!party.attribute.empty()) {
    add_column(table, {party.attribute, "integer", Kind::arith, 64},
               split_arith(party.attributes, seeds, party.attribute));
  }
  if (!party.report.empty()) {
    const TextRows rows = text_rows(party.reports);
    add_column(
        table,
        {party.report, std::string(report_type), Kind::arith, static_cast<int>(64 * rows.words)},
        split_arith(rows.values, seeds, party.report));
  }
  seal_manifest(table);
  return table;
}

void seal_manifest(PreparedTable& table) {
  const Seeds& seeds = table.secrets.seeds;
  table.manifest.data_bytes = table.data.size() * sizeof(table.data[0]);
  table.manifest.hashes = {
      seed_hash(0, seeds.first.raw()), seed_hash(1, seeds.second.raw()),
      data_hash(table.secrets.blind.raw(), bytes_of(std::span<const std::uint64_t>(table.data)))};
}

}  // namespace polder
