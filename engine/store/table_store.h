// This node's share of every table, from the first chunk to the published table. Nothing is visible
// before it is whole; what is on disk and does not belong is removed at the start.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/memory.h"
#include "crypto/stream.h"
#include "store/column_store.h"
#include "store/members.h"
#include "store/table_records.h"

namespace polder {

inline constexpr std::size_t chunk_bytes = 4 * 1024 * 1024;

/// One node's place in its network, as far as receipts need it.
struct NodeIdentity {
  std::string network;  // id in hex
  int role;
  std::array<VerifyKey, 3> node_keys;  // by role
  std::function<Signature(std::string_view text)> sign;
};

/// A node's components of a table: component 0 and 1 are expanded from their seeds, component 2 is
/// data. Each node holds two of the three, and all of it has the manifest's hashes.
struct TableShare {
  std::shared_ptr<const TableRecord> record;
  std::optional<Key> first;   // seed of component 0: nodes 0 and 2
  std::optional<Key> second;  // seed of component 1: nodes 0 and 1
  Words data;                 // component 2, all columns: nodes 1 and 2
};

class TableStore {
 public:
  /// Of one member, so that none takes what all others need.
  struct Quota {
    std::uint64_t tables = 256;  // uploads included
    std::uint64_t uploads = 64;  // begun and not finished
    std::uint64_t manifest_bytes = 4 << 20;
    std::uint64_t bytes = UINT64_MAX;
  };
  struct Options {
    std::filesystem::path folder;  // of the column files
    std::uint64_t max_bytes;       // of all column files
    NodeIdentity identity;
    Quota quota = {};
  };

  /// Removes what a crash left half done and checks that all that the catalogue names is there: a
  /// table with a missing file stays, is part of `trouble`, and is refused when loaded.  Throws
  /// Error bad_input where there are files and a new catalogue: nothing is removed then.
  TableStore(Catalogue& catalogue, Members& members, const StoreKey& key, Options options);

  /// Tables with files that are missing or not readable.
  std::size_t damaged();
  /// Published tables whose receipts are of another network file, which cannot be used any more.
  std::size_t outdated();
  /// What is wrong with the store's files and what to do; empty if nothing is.
  std::string trouble();

  /// Takes an upload on, or goes on with the one of the same manifest. `signature` is its owner's.
  /// Space is taken by what comes, not by what is announced.
  /// Throws Error forbidden (the signature), bad_input (it has ended), busy (space or the owner's
  /// quota: how much is
  /// missing).
  TableRecord begin(const Manifest& manifest, const Signature& signature, const Member& owner,
                    std::int64_t now_ms);

  /// Chunks of data that this node takes; none at node 0.
  std::uint64_t chunk_count(const Manifest& manifest) const;

  /// Numbers of the chunks that are safe here; -1 stands for the seeds. A piece of an upload whose
  /// file is gone is not among them, so that it is sent again.
  std::vector<std::int64_t> have(std::string_view handle);

  /// Safe on disk when these return; a number that is there already changes nothing. Seeds are both
  /// at node 0 (32 bytes), component 1's and the blind at node 1, component 0's and the blind at
  /// node 2 (48).  Throw Error not_found, bad_input (number, size), busy (disk full).
  void put_seeds(std::string_view handle, std::span<const std::uint8_t> seeds);
  void put_chunk(std::string_view handle, std::uint64_t number,
                 std::span<const std::uint8_t> chunk);

  /// This node's receipt once it holds everything. Throws Error bad_input if something is missing,
  /// or if seeds or data are not those of the manifest: the upload is then gone.
  Receipt finish(std::string_view handle);

  /// A typed upload that is finished, to find out whether it is sound.  Throws Error not_found, or
  /// bad_input if it is not finished or has no types.
  std::shared_ptr<const TableRecord> finished(std::string_view handle);
  /// Notes that its values were found to be of their types.
  void mark_sound(std::string_view handle) { records_.mark_sound(handle); }

  /// Makes the table visible. Throws Error bad_input or forbidden if the receipts are not right, or
  /// if a typed table was not found sound.
  void publish(std::string_view handle, std::span<const Receipt> receipts);

  void remove(std::string_view handle);
  /// Removes uploads that began before `ms` and were never published.
  void remove_abandoned(std::int64_t ms);

  /// Removes tables and uploads whose owner said that they end before `ms`; returns their handles.
  std::vector<std::string> remove_ended(std::int64_t ms);

  /// In any state.  Throws Error not_found.
  TableRecord record(std::string_view handle);
  /// Those of admitted members; see TableRecords.
  TableRecords::Page published(const TableRecords::Wanted& wanted) {
    return records_.published(wanted);
  }
  std::uint64_t published() { return records_.published(); }

  /// A published table; its manifest's and receipts' signatures have been checked since the start.
  /// Throws Error not_found, forbidden if its owner was expelled, or cheating if the catalogue was
  /// changed.
  std::shared_ptr<const TableRecord> checked(std::string_view handle);
  /// Everything that this record's manifest describes, checked bit by bit: what came in its place
  /// since is refused.  Throws Error cheating, or not_found if it was deleted, naming the table.
  TableShare load(std::shared_ptr<const TableRecord> record);

  std::uint64_t bytes_in_use() { return records_.bytes(); }
  std::uint64_t bytes_free() const { return columns_.bytes_free(); }

 private:
  void tidy();
  void put(std::string_view handle, std::int64_t number, std::span<const std::uint8_t> contents);
  void check_key(Catalogue& catalogue);
  bool is_there(const Piece& piece) const;
  bool is_outdated(const TableRecord& table) const;
  void check_quota(const Manifest& manifest);
  void check_space(std::uint64_t more, std::string_view owner);
  Bytes seeds(const TableRecord& record, std::span<const Piece> pieces) const;
  Words data(const TableRecord& record, std::span<const Piece> pieces) const;
  bool data_fit(const TableRecord& record, std::span<const Piece> pieces,
                std::span<const std::uint8_t> blind) const;
  TableShare checked_share(std::shared_ptr<const TableRecord> record);
  Receipt receipt_of(std::string_view handle) const;

  const Options options_;
  TableRecords records_;
  Members& members_;
  ColumnStore columns_;
  bool key_fits_ = true;
  std::mutex damaged_mutex_;
  std::set<std::string, std::less<>> damaged_;  // handles
  std::mutex files_;                            // held while a file and its row come or go together
  std::mutex checked_mutex_;
  std::map<std::string, std::shared_ptr<const TableRecord>, std::less<>> checked_;
};

}  // namespace polder
