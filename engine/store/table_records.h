// The catalogue's rows about tables, from the first chunk to the published table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/catalogue.h"
#include "store/manifest.h"
#include "store/receipt.h"

namespace polder {

struct Piece {
  std::string handle;   // of its table
  std::int64_t number;  // 0, 1, …: chunks of the data; -1: the seeds
  std::string name;     // of its file
  std::uint64_t bytes;
};

struct TableRecord {
  enum class State { uploading, finished, published };
  std::string handle;
  Manifest manifest;
  std::vector<std::uint8_t> signature;  // the owner's, over the canonical manifest
  State state = State::uploading;
  std::int64_t started_ms = 0;
  std::vector<Receipt> receipts;  // own one when finished, all three when published
};

std::string_view name(TableRecord::State state);

class TableRecords {
 public:
  explicit TableRecords(Catalogue& catalogue) : catalogue_(catalogue) {}

  void begin(const TableRecord& record);
  /// Throws Error bad_schema if it is an upload of an older version.
  std::optional<TableRecord> find(std::string_view handle);
  /// But for uploads of older versions.
  std::vector<TableRecord> all();

  /// Names a piece whose file is already safe.
  void add_piece(const Piece& piece);
  /// In order of number.
  std::vector<Piece> pieces(std::string_view handle);
  std::vector<Piece> all_pieces();

  void finish(std::string_view handle, const Receipt& own);
  void publish(std::string_view handle, std::span<const Receipt> three);
  void remove(std::string_view handle);

 private:
  Catalogue& catalogue_;
};

}  // namespace polder
