#include "store/table_records.h"

#include <array>
#include <boost/json/array.hpp>

#include "base/error.h"
#include "store/json.h"

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
    "SELECT handle, manifest, signature, state, started, receipts FROM tables WHERE handle = ?";
constexpr const char* record_columns_in_order =
    "SELECT handle, manifest, signature, state, started, receipts FROM tables"
    " ORDER BY started, handle";

TableRecord read_record(const Cursor& rows) {
  return {.handle = rows.text(0),
          .manifest = parse_manifest(parse_object(rows.text(1), "catalogue: manifest")),
          .signature = rows.blob(2),
          .state = state_named(rows.text(3)),
          .started_ms = rows.integer(4),
          .receipts = read_receipts(rows.text(5))};
}

bool is_of_this_version(const Cursor& rows) {
  return parse_object(rows.text(1), "catalogue: manifest").at("format") == manifest_format;
}

Piece read_piece(const Cursor& rows) {
  return {.handle = rows.text(0),
          .number = rows.integer(1),
          .name = rows.text(2),
          .bytes = static_cast<std::uint64_t>(rows.integer(3))};
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
    database.change("INSERT INTO tables VALUES (?, ?, ?, ?, ?, ?, ?)", record.handle,
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

std::vector<TableRecord> TableRecords::all() {
  return catalogue_.read([](Database& database) {
    std::vector<TableRecord> records;
    Cursor rows = database.query(record_columns_in_order);
    while (rows.next()) {
      if (is_of_this_version(rows)) records.push_back(read_record(rows));
    }
    return records;
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
