#include "store/table_records.h"

#include <array>
#include <boost/json/array.hpp>

#include "base/error.h"
#include "base/json.h"

namespace polder {
namespace json = boost::json;
namespace {

using State = TableRecord::State;
constexpr std::array<std::pair<State, std::string_view>, 3> states{{
    {State::uploading, "uploading"},
    {State::finished, "finished"},
    {State::published, "published"},
}};

State state_named(std::string_view text) {
  for (const auto& [state, known] : states) {
    if (known == text) return state;
  }
  fail(Code::internal, "catalogue: a table has an unknown state");
}

std::string receipts_text(std::span<const Receipt> receipts) {
  json::array list;
  for (const Receipt& receipt : receipts) list.push_back(to_json(receipt));
  return canonical(json::object{{"receipts", std::move(list)}});
}

std::vector<Receipt> read_receipts(std::string_view text) {
  const json::object object = parse_object(text, "catalogue: receipts");
  std::vector<Receipt> receipts;
  for (const json::value& receipt : object.at("receipts").as_array()) {
    receipts.push_back(parse_receipt(receipt.as_object()));
  }
  return receipts;
}

constexpr const char* record_columns_by_handle =
    "SELECT handle, manifest, signature, state, started, receipts, sound FROM tables WHERE handle "
    "= ?";
constexpr const char* unfinished =
    "SELECT handle, manifest, signature, state, started, receipts, sound FROM tables"
    " WHERE state <> 'published' AND started < ?";
constexpr const char* ended =
    "SELECT handle, manifest, signature, state, started, receipts, sound FROM tables"
    " WHERE json_extract(manifest, '$.serves.until') BETWEEN 1 AND ? - 1";
constexpr const char* published_ones =
    "SELECT handle, manifest, signature, tables.state, started, receipts, sound, tables.rowid FROM "
    "tables"
    " JOIN members ON members.name = owner AND members.state = 'admitted'"
    " WHERE tables.state = 'published' AND tables.rowid > ? AND (? = '' OR owner = ?)"
    " ORDER BY tables.rowid";

TableRecord read_record(const Cursor& rows) {
  return {.handle = rows.text(0),
          .manifest = parse_manifest(parse_object(rows.text(1), "catalogue: manifest")),
          .signature = rows.blob(2),
          .state = state_named(rows.text(3)),
          .started_ms = rows.integer(4),
          .receipts = read_receipts(rows.text(5)),
          .sound = rows.integer(6) != 0};
}

std::vector<TableRecord> read_records(Cursor rows) {
  std::vector<TableRecord> records;
  while (rows.next()) records.push_back(read_record(rows));
  return records;
}

Piece read_piece(const Cursor& rows) {
  return {.handle = rows.text(0),
          .number = rows.integer(1),
          .name = rows.text(2),
          .bytes = static_cast<std::uint64_t>(rows.integer(3))};
}

template <typename... Values>
std::uint64_t one_number(Catalogue& catalogue, const char* sql, const Values&... values) {
  return catalogue.read([&](Database& database) {
    Cursor rows = database.query(sql, values...);
    rows.next();
    return static_cast<std::uint64_t>(rows.integer(0));
  });
}

std::vector<Piece> read_pieces(Cursor rows) {
  std::vector<Piece> pieces;
  while (rows.next()) pieces.push_back(read_piece(rows));
  return pieces;
}

}  // namespace

std::string_view name(State state) {
  for (const auto& [known, text] : states) {
    if (known == state) return text;
  }
  return "";
}

void TableRecords::begin(const TableRecord& record) {
  catalogue_.change([&](Database& database) {
    database.change("INSERT INTO tables VALUES (?, ?, ?, ?, ?, ?, ?, 0)", record.handle,
                    record.manifest.owner, canonical(record.manifest), Blob(record.signature),
                    name(record.state), record.started_ms, receipts_text(record.receipts));
  });
}

std::optional<TableRecord> TableRecords::find(std::string_view handle) {
  return catalogue_.read([&](Database& database) -> std::optional<TableRecord> {
    Cursor rows = database.query(record_columns_by_handle, handle);
    if (!rows.next()) return std::nullopt;
    return read_record(rows);
  });
}

std::vector<TableRecord> TableRecords::unpublished_before(std::int64_t started_ms) {
  return catalogue_.read(
      [&](Database& database) { return read_records(database.query(unfinished, started_ms)); });
}

std::vector<TableRecord> TableRecords::ended_before(std::int64_t ms) {
  return catalogue_.read(
      [&](Database& database) { return read_records(database.query(ended, ms)); });
}

std::uint64_t TableRecords::published() {
  return one_number(catalogue_, "SELECT count(*) FROM tables WHERE state = 'published'");
}

TableRecords::Use TableRecords::use_of(std::string_view owner) {
  Use use = catalogue_.read([&](Database& database) {
    Cursor rows = database.query(
        "SELECT count(*), total(state = 'uploading'), total(length(manifest)) FROM tables"
        " WHERE owner = ?",
        owner);
    rows.next();
    const auto number = [&](int column) {
      return static_cast<std::uint64_t>(rows.integer(column));
    };
    return Use{.tables = number(0), .uploads = number(1), .manifest_bytes = number(2)};
  });
  use.bytes = one_number(catalogue_,
                         "SELECT coalesce(sum(bytes), 0) FROM tables JOIN pieces USING (handle)"
                         " WHERE owner = ?",
                         owner);
  return use;
}

TableRecords::Page TableRecords::published(const Wanted& wanted) {
  return catalogue_.read([&](Database& database) {
    Page page;
    std::size_t bytes = 0;
    const std::string owner(wanted.owner);  // an empty view would be bound as NULL
    Cursor rows = database.query(published_ones, wanted.after, owner, owner);
    while (rows.next()) {
      if (bytes >= wanted.manifest_bytes) return page;
      TableRecord record = read_record(rows);
      page.last = rows.integer(7);
      if (!wanted.name.empty() && record.manifest.name != wanted.name) continue;
      bytes += rows.text(1).size();
      page.tables.push_back(std::move(record));
    }
    page.last = 0;
    return page;
  });
}

void TableRecords::add_piece(const Piece& piece) {
  catalogue_.change([&](Database& database) {
    database.change("INSERT INTO pieces VALUES (?, ?, ?, ?)", piece.handle, piece.number,
                    piece.name, static_cast<std::int64_t>(piece.bytes));
  });
}

std::vector<Piece> TableRecords::pieces(std::string_view handle) {
  return catalogue_.read([&](Database& database) {
    return read_pieces(database.query(
        "SELECT handle, number, name, bytes FROM pieces WHERE handle = ? ORDER BY number", handle));
  });
}

std::vector<Piece> TableRecords::all_pieces() {
  return catalogue_.read([](Database& database) {
    return read_pieces(database.query("SELECT handle, number, name, bytes FROM pieces"));
  });
}

std::uint64_t TableRecords::bytes() {
  return one_number(catalogue_, "SELECT coalesce(sum(bytes), 0) FROM pieces");
}

void TableRecords::drop_piece(std::string_view handle, std::int64_t number) {
  catalogue_.change([&](Database& database) {
    database.change("DELETE FROM pieces WHERE handle = ? AND number = ?", handle, number);
  });
}

void TableRecords::mark_sound(std::string_view handle) {
  catalogue_.change([&](Database& database) {
    database.change("UPDATE tables SET sound = 1 WHERE handle = ?", handle);
  });
}

void TableRecords::finish(std::string_view handle, const Receipt& own) {
  catalogue_.change([&](Database& database) {
    database.change(
        "UPDATE tables SET state = 'finished', receipts = ?"
        " WHERE handle = ? AND state = 'uploading'",
        receipts_text(std::span(&own, 1)), handle);
  });
}

void TableRecords::publish(std::string_view handle, std::span<const Receipt> three) {
  catalogue_.change([&](Database& database) {
    database.change(
        "UPDATE tables SET state = 'published', receipts = ?"
        " WHERE handle = ? AND state = 'finished'",
        receipts_text(three), handle);
  });
}

void TableRecords::remove(std::string_view handle) {
  catalogue_.change(
      [&](Database& database) { database.change("DELETE FROM tables WHERE handle = ?", handle); });
}

}  // namespace polder
