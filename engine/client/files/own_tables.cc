#include "client/files/own_tables.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <cctype>

#include "base/error.h"
#include "base/json.h"
#include "base/text_file.h"
#include "base/wall_clock.h"
#include "base/whole_file.h"
#include "client/files/csv.h"
#include "client/files/input_file.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "wire/network.h"

namespace polder {
namespace {

namespace json = boost::json;

/// How prepare_table lays columns out and draws their words. A version that does it otherwise has
/// another number: seeds of a broken upload must not mask other values with the same words.
constexpr int layout = 2;

/// Of everything that the shares will be made from.
Digest256 contents_hash(std::string_view network, const TableHead& head, const PartyFile& party) {
  const json::object frame{
      {"layout", layout},         {"network", json::string(network)}, {"name", head.name},
      {"owner", head.owner},      {"serves", to_json(head.serves)},   {"rows", party.size()},
      {"flags", party.has_flags}, {"attribute", party.attribute},     {"report", party.report}};
  Hasher<32> hash;
  hash.add(canonical(frame)).add(bytes_of(party.hashes)).add(party.flags);
  hash.add(bytes_of(std::span<const std::uint64_t>(party.attributes)));
  for (const std::string& report : party.reports) {
    const std::uint64_t size = report.size();
    hash.add(bytes_of(std::span(&size, 1))).add(report);
  }
  return hash.finish();
}

/// Both seeds, then the blind, as they stand in the file.
using RawSecrets = Secret<16 + 16 + 32>;

TableSecrets secrets_of(const RawSecrets& raw) {
  const auto part = [&]<typename Raw>(Raw out, std::size_t from) {
    std::copy_n(raw.raw().begin() + static_cast<std::ptrdiff_t>(from), out.size(), out.begin());
    return out;
  };
  return {.seeds = {.first = Key(part(Key::Raw(), 0)), .second = Key(part(Key::Raw(), 16))},
          .blind = Blind(part(Blind::Raw(), 32))};
}

OwnTables::Start read_start(const std::filesystem::path& file) {
  const json::object object = parse_object(read_text(file), file.string());
  Fields fields(object, file.string());
  const RawSecrets raw(from_hex<64>(fields.hex("secrets", 64)));
  return {.secrets = secrets_of(raw), .created_ms = fields.integer("created", 0, INT64_MAX)};
}

}  // namespace

bool OwnTables::has(std::string_view handle) const {
  return std::filesystem::exists(folder_ / handle);
}

void OwnTables::keep(std::string_view handle, const Identifiers& identifiers) const {
  WholeFile file(folder_ / handle, Rights::owner_only);
  write_identifiers(file, identifiers, [](std::size_t) { return true; });
  file.finish();
}

Identifiers OwnTables::read(std::string_view handle) const {
  if (!has(handle)) {
    fail(Code::not_found,
         "the identifiers of table {} are not in {}; open the result where the table was uploaded",
         handle, folder_.string());
  }
  const std::string path = (folder_ / handle).string();
  Identifiers identifiers;
  std::string line;
  CsvParser parser({.file = path, .dialect = {.delimiter = ','}},
                   {.header = [&](const auto& names) { identifiers.key = names; },
                    .row =
                        [&](std::size_t, Cells cells) {
                          line.clear();
                          for (const auto cell : cells) append_csv_cell(line, cell);
                          identifiers.spellings.add(line);
                        }});
  read_input_file(path, {.bytes = [&](auto bytes) { parser.feed(bytes); }});
  parser.finish();
  return identifiers;
}

void OwnTables::remove(std::string_view handle) const { std::filesystem::remove(folder_ / handle); }

std::filesystem::path OwnTables::start_file(std::string_view network, const TableHead& head,
                                            const PartyFile& party) const {
  return folder_ / (to_hex(contents_hash(network, head, party)) + ".upload");
}

OwnTables::Start OwnTables::start_upload(std::string_view network, const TableHead& head,
                                         const PartyFile& party) const {
  const std::filesystem::path file = start_file(network, head, party);
  if (std::filesystem::exists(file)) return read_start(file);
  const json::object start{{"secrets", to_hex(RawSecrets::random().raw())}, {"created", now_ms()}};
  WholeFile whole(file, Rights::owner_only);
  whole.write(canonical(start));
  whole.finish();
  return read_start(file);
}

void OwnTables::upload_done(std::string_view network, const TableHead& head,
                            const PartyFile& party) const {
  std::filesystem::remove(start_file(network, head, party));
}

void write_identifiers(WholeFile& file, const Identifiers& identifiers,
                       const std::function<bool(std::size_t)>& wanted) {
  std::string header;
  for (const std::string& column : identifiers.key) append_csv_cell(header, column);
  const bool plain = std::ranges::all_of(
      header, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
  if (identifiers.key.size() == 1 && !plain && !header.starts_with('"'))
    header = '"' + header + '"';  // no sign in it is taken for a separator
  file.write(header + "\n");
  for (std::size_t row = 0; row < identifiers.spellings.size(); ++row) {
    if (!wanted(row)) continue;
    file.write(identifiers.spellings[row]);
    file.write("\n");
  }
}

}  // namespace polder
