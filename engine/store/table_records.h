// The catalogue's rows about tables, from the first chunk to the published table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/catalogue.h"
#include "wire/manifest.h"
#include "wire/receipt.h"

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
  bool sound = false;             // of a typed table: its values were found to be of their types
};

std::string_view name(TableRecord::State state);

class TableRecords {
 public:
  explicit TableRecords(Catalogue& catalogue) : catalogue_(catalogue) {}

  void begin(const TableRecord& record);
  std::optional<TableRecord> find(std::string_view handle);
  std::vector<TableRecord> unpublished_before(std::int64_t started_ms);
  /// Whose owner said that they end before `ms`, published or not.
  std::vector<TableRecord> ended_before(std::int64_t ms);
  std::uint64_t published();  // how many

  /// What of one owner's is here, published or not.
  struct Use {
    std::uint64_t tables = 0, uploads = 0, manifest_bytes = 0, bytes = 0;
  };
  Use use_of(std::string_view owner);

  /// Published tables of admitted members, in the order of their numbers, which only grow.
  struct Wanted {
    std::int64_t after = 0;          // only those with larger numbers
    std::string_view name = {};      // only of this name …
    std::string_view owner = {};     // … and of this owner; empty: of any
    std::size_t manifest_bytes = 0;  // stop once manifests are that long together
  };
  struct Page {
    std::vector<TableRecord> tables;
    std::int64_t last = 0;  // number of the last one; 0 if there are no more
  };
  Page published(const Wanted& wanted);

  /// Names a piece whose file is already safe.
  void add_piece(const Piece& piece);
  /// In order of number.
  std::vector<Piece> pieces(std::string_view handle);
  std::vector<Piece> all_pieces();
  std::uint64_t bytes();  // of all pieces
  /// Forgets a piece whose file is not there.
  void drop_piece(std::string_view handle, std::int64_t number);

  void finish(std::string_view handle, const Receipt& own);
  void publish(std::string_view handle, std::span<const Receipt> three);
  void mark_sound(std::string_view handle);
  void remove(std::string_view handle);

 private:
  Catalogue& catalogue_;
};

}  // namespace polder
