#include "store/table_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "store/member_name.h"
#include "wire/component_hashes.h"

namespace polder {
namespace {

using State = TableRecord::State;

constexpr std::uint64_t disk_reserve = 64 * 1024 * 1024;  // for the catalogue and the log
constexpr std::uint64_t megabyte = 1024 * 1024;
constexpr std::size_t max_manifest_bytes = 256 * 1024;
constexpr std::int64_t seeds_number = -1;
constexpr std::size_t seed_size = 16;

std::uint64_t data_bytes_at(int role, const Manifest& manifest) {
  return role == 0 ? 0 : manifest.data_bytes;
}

/// What a node is sent besides data; empty where it holds none.
struct SentSeeds {
  std::span<const std::uint8_t> first, second, blind;
};

std::size_t seeds_size_at(int role) {
  return seed_size + (role == 0 ? seed_size : sizeof(Blind::Raw));
}

SentSeeds parts_of(int role, std::span<const std::uint8_t> sent) {
  const auto front = sent.first(seed_size), rest = sent.subspan(seed_size);
  if (role == 0) return {.first = front, .second = rest, .blind = {}};
  if (role == 1) return {.first = {}, .second = front, .blind = rest};
  return {.first = front, .second = {}, .blind = rest};
}

bool seeds_fit(const Manifest& manifest, const SentSeeds& sent) {
  return (sent.first.empty() || seed_hash(0, sent.first) == manifest.hashes[0]) &&
         (sent.second.empty() || seed_hash(1, sent.second) == manifest.hashes[1]);
}

/// Binds a file to its place, so that one cannot stand in for another.
std::string what(std::string_view handle, std::int64_t number) {
  return fmt::format("polder piece v1\n{}\n{}", handle, number);
}

std::span<const Piece> chunks_of(std::span<const Piece> pieces) {
  const bool has_seeds = !pieces.empty() && pieces.front().number == seeds_number;
  return pieces.subspan(has_seeds ? 1 : 0);
}

[[noreturn]] void fail_changed(std::string_view handle) {
  fail(Code::cheating,
       "table {}: what is stored at this node is not what was uploaded; its owner must upload it "
       "again",
       handle);
}

Key key_of(std::span<const std::uint8_t> seed) {
  Key::Raw raw;
  std::copy(seed.begin(), seed.end(), raw.begin());
  Key key(raw);
  wipe(raw.data(), raw.size());
  return key;
}

}  // namespace

TableStore::TableStore(Catalogue& catalogue, Members& members, const StoreKey& key, Options options)
    : options_(std::move(options)),
      records_(catalogue),
      members_(members),
      columns_(options_.folder, key) {
  columns_.remove_unfinished();
  const std::size_t files = columns_.names().size();
  if (catalogue.is_new() && files > 0) {
    fail(Code::bad_input,
         "{}: holds {} files and the catalogue is new; put catalogue.db back from the backup that "
         "they are of, or empty this folder",
         options_.folder.string(), files);
  }
  check_key(catalogue);
  tidy();
}

/// A catalogue remembers the key that its files are written with.
void TableStore::check_key(Catalogue& catalogue) {
  const auto mark = columns_.key_mark();
  catalogue.change([&](Database& database) {
    database.change("INSERT OR IGNORE INTO marks VALUES ('store_key', ?)", Blob(mark));
    Cursor rows = database.query("SELECT value FROM marks WHERE name = 'store_key'");
    key_fits_ = rows.next() && rows.blob(0) == mark;
  });
}

std::size_t TableStore::damaged() {
  const std::lock_guard lock(damaged_mutex_);
  return damaged_.size();
}

bool TableStore::is_outdated(const TableRecord& table) const {
  try {
    check_receipts(table.receipts, table.handle, options_.identity.network,
                   options_.identity.node_keys);
    return false;
  } catch (const Error&) {
    return true;
  }
}

std::size_t TableStore::outdated() {
  const auto all = records_.published({.manifest_bytes = SIZE_MAX}).tables;
  return static_cast<std::size_t>(
      std::ranges::count_if(all, [this](const TableRecord& table) { return is_outdated(table); }));
}

std::string TableStore::trouble() {
  if (!key_fits_) {
    return "store: store.key is not the key that this store was written with; put that one back "
           "and start again";
  }
  const std::lock_guard lock(damaged_mutex_);
  if (damaged_.empty()) return {};
  return fmt::format(
      "store: {} tables have files that are missing or damaged, among them table {}; put the "
      "folder "
      "columns back from the backup that catalogue.db is of and start again, or delete these "
      "tables",
      damaged_.size(), *damaged_.begin());
}

void TableStore::tidy() {
  std::set<std::string> named;
  for (const Piece& piece : records_.all_pieces()) {
    named.insert(piece.name);
    if (!is_there(piece)) damaged_.insert(piece.handle);
  }
  for (const std::string& name : columns_.names()) {
    if (!named.contains(name)) columns_.remove(name);
  }
}

// ---- uploading

std::uint64_t TableStore::chunk_count(const Manifest& manifest) const {
  return ceil_div(data_bytes_at(options_.identity.role, manifest), chunk_bytes);
}

void TableStore::check_quota(const Manifest& manifest) {
  const TableRecords::Use use = records_.use_of(manifest.owner);
  const Quota& most = options_.quota;
  const std::uint64_t text_bytes = canonical(manifest).size();
  if (use.tables >= most.tables || use.uploads >= most.uploads ||
      use.manifest_bytes + text_bytes > most.manifest_bytes) {
    fail(Code::busy,
         "upload: '{}' has {} tables here, {} of them unfinished, with {} KB of names and columns; "
         "a member may have {}, {} and {} KB; delete tables, or have the operator raise "
         "member_tables in node.json",
         manifest.owner, use.tables, use.uploads, use.manifest_bytes / 1024, most.tables,
         most.uploads, most.manifest_bytes / 1024);
  }
}

/// Whether so many bytes more fit now.
void TableStore::check_space(std::uint64_t more, std::string_view owner) {
  const std::uint64_t free = columns_.bytes_free();
  if (more + disk_reserve > free || records_.bytes() + more > options_.max_bytes) {
    fail(Code::busy,
         "upload: {} MB more would be needed at this node, where {} MB are free and {} MB are "
         "allowed in all; delete tables, or have the operator free the disk or raise store_mb in "
         "node.json",
         ceil_div(more, megabyte), free / megabyte, options_.max_bytes / megabyte);
  }
  if (records_.use_of(owner).bytes + more > options_.quota.bytes) {
    fail(Code::busy,
         "upload: {} MB more would be needed, and '{}' may have {} MB at this node; delete tables, "
         "or have the operator raise member_mb in node.json",
         ceil_div(more, megabyte), owner, options_.quota.bytes / megabyte);
  }
}

TableRecord TableStore::begin(const Manifest& manifest, const Signature& signature,
                              const Member& owner, std::int64_t now_ms) {
  if (!VerifyKey(owner.sign).accepts(canonical(manifest), signature)) {
    fail(Code::forbidden, "upload: the manifest is not signed with its owner's key");
  }
  if (manifest.serves.until != 0 && std::cmp_less_equal(manifest.serves.until, now_ms)) {
    fail(Code::bad_input,
         "upload: the table has ended already, as its manifest says; say a later end");
  }
  const std::string handle = handle_of(manifest);
  const std::lock_guard lock(files_);
  if (const auto known = records_.find(handle)) return *known;
  check_visible_name(manifest.name, "upload: the table's name");
  if (manifest.name.find_first_of("/@") != std::string::npos) {
    fail(Code::bad_input, "upload: a table's name has no '/' and no '@'; choose another one");
  }
  if (canonical(manifest).size() > max_manifest_bytes) {
    fail(Code::bad_input, "upload: its names and columns take {} KB; at most {} are accepted",
         canonical(manifest).size() / 1024, max_manifest_bytes / 1024);
  }
  if (!key_fits_) fail(Code::busy, "{}", trouble());
  check_quota(manifest);
  check_space(data_bytes_at(options_.identity.role, manifest), manifest.owner);
  const TableRecord record{.handle = handle,
                           .manifest = manifest,
                           .signature = std::vector(signature.begin(), signature.end()),
                           .state = State::uploading,
                           .started_ms = now_ms,
                           .receipts = {}};
  records_.begin(record);
  return record;
}

TableRecord TableStore::record(std::string_view handle) {
  auto found = records_.find(handle);
  if (!found) fail(Code::not_found, "table: no table or upload has this handle here");
  return std::move(*found);
}

bool TableStore::is_there(const Piece& piece) const {
  return columns_.looks_whole(piece.name, what(piece.handle, piece.number), piece.bytes);
}

std::vector<std::int64_t> TableStore::have(std::string_view handle) {
  std::vector<std::int64_t> numbers;
  for (const Piece& piece : records_.pieces(handle)) {
    if (is_there(piece)) numbers.push_back(piece.number);
  }
  return numbers;
}

void TableStore::put(std::string_view handle, std::int64_t number,
                     std::span<const std::uint8_t> contents) {
  const std::lock_guard lock(files_);
  const auto pieces = records_.pieces(handle);
  const auto known = std::ranges::find(pieces, number, &Piece::number);
  if (known != pieces.end() && is_there(*known)) return;
  const TableRecord upload = record(handle);
  if (upload.state != State::uploading) {
    fail(Code::bad_input, "upload {}: it is finished; nothing more is taken", handle);
  }
  if (known != pieces.end()) records_.drop_piece(handle, number);  // its file is gone
  check_space(contents.size(), upload.manifest.owner);
  const std::string name = columns_.write(contents, what(handle, number));
  records_.add_piece(
      {.handle = std::string(handle), .number = number, .name = name, .bytes = contents.size()});
}

void TableStore::put_seeds(std::string_view handle, std::span<const std::uint8_t> seeds) {
  record(handle);
  const std::size_t size = seeds_size_at(options_.identity.role);
  if (seeds.size() != size) {
    fail(Code::bad_input, "upload {}: node {} takes {} bytes of seeds, not {}", handle,
         options_.identity.role, size, seeds.size());
  }
  put(handle, seeds_number, seeds);
}

void TableStore::put_chunk(std::string_view handle, std::uint64_t number,
                           std::span<const std::uint8_t> chunk) {
  const Manifest manifest = record(handle).manifest;
  const std::uint64_t count = chunk_count(manifest);
  if (number >= count) {
    fail(Code::bad_input, "upload {}: node {} takes {} chunks; there is no number {}", handle,
         options_.identity.role, count, number);
  }
  const std::uint64_t size =
      std::min<std::uint64_t>(chunk_bytes, manifest.data_bytes - number * chunk_bytes);
  if (chunk.size() != size) {
    fail(Code::bad_input, "upload {}: chunk {} has {} bytes, not {}", handle, number, size,
         chunk.size());
  }
  put(handle, static_cast<std::int64_t>(number), chunk);
}

Receipt TableStore::receipt_of(std::string_view handle) const {
  Receipt receipt{.handle = std::string(handle), .role = options_.identity.role, .signature = {}};
  receipt.signature = options_.identity.sign(receipt_text(options_.identity.network, receipt));
  return receipt;
}

Receipt TableStore::finish(std::string_view handle) {
  const TableRecord found = record(handle);
  if (found.state != State::uploading) {
    return found
        .receipts[found.receipts.size() == 1 ? 0
                                             : static_cast<std::size_t>(options_.identity.role)];
  }
  const auto pieces = records_.pieces(handle);
  const std::uint64_t wanted = chunk_count(found.manifest) + 1;
  if (pieces.size() != wanted) {
    fail(Code::bad_input, "upload {}: {} of {} parts (seeds and chunks) are here; send the rest",
         handle, pieces.size(), wanted);
  }
  const Bytes sent = seeds(found, pieces);
  const SentSeeds parts = parts_of(options_.identity.role, sent);
  if (!seeds_fit(found.manifest, parts) || !data_fit(found, pieces, parts.blind)) {
    remove(handle);
    fail(Code::bad_input,
         "upload {}: what node {} was sent is not what the manifest describes; begin again from "
         "the file",
         handle, options_.identity.role);
  }
  const Receipt receipt = receipt_of(handle);
  records_.finish(handle, receipt);
  return receipt;
}

std::shared_ptr<const TableRecord> TableStore::finished(std::string_view handle) {
  TableRecord found = record(handle);
  if (found.state == State::uploading || found.manifest.schema.empty()) {
    fail(Code::bad_input,
         "table {}: an ingest check is of a typed table whose upload is finished and not published",
         handle);
  }
  return std::make_shared<const TableRecord>(std::move(found));
}

void TableStore::publish(std::string_view handle, std::span<const Receipt> receipts) {
  const TableRecord found = record(handle);
  if (found.state == State::published) return;
  if (found.state == State::uploading) {
    fail(Code::bad_input, "publish: node {} has no receipt given yet; finish the upload first",
         options_.identity.role);
  }
  if (!found.manifest.schema.empty() && !found.sound) {
    fail(Code::bad_input,
         "publish: node {} has not found yet that the values of upload {} are of their types; run "
         "its ingest check first",
         options_.identity.role, handle);
  }
  check_receipts(receipts, handle, options_.identity.network, options_.identity.node_keys);
  records_.publish(handle, receipts);
}

void TableStore::remove(std::string_view handle) {
  const std::lock_guard lock(files_);
  const auto pieces = records_.pieces(handle);
  records_.remove(handle);
  {
    const std::lock_guard checked_lock(checked_mutex_);
    const auto known = checked_.find(handle);
    if (known != checked_.end()) checked_.erase(known);
  }
  {
    const std::lock_guard damaged_lock(damaged_mutex_);
    const auto known = damaged_.find(handle);
    if (known != damaged_.end()) damaged_.erase(known);
  }
  for (const Piece& piece : pieces) columns_.remove(piece.name);
}

void TableStore::remove_abandoned(std::int64_t ms) {
  for (const TableRecord& table : records_.unpublished_before(ms)) remove(table.handle);
}

std::vector<std::string> TableStore::remove_ended(std::int64_t ms) {
  std::vector<std::string> ended;
  for (const TableRecord& table : records_.ended_before(ms)) {
    remove(table.handle);
    ended.push_back(table.handle);
  }
  return ended;
}

// ---- published tables

std::shared_ptr<const TableRecord> TableStore::checked(std::string_view handle) {
  const std::lock_guard lock(checked_mutex_);
  const auto check_owner = [&](const TableRecord& table) {
    if (members_.named(table.manifest.owner)) return;
    fail(Code::forbidden, "table {}: its owner '{}' is no member any more", handle,
         table.manifest.owner);
  };
  const auto known = checked_.find(handle);
  if (known != checked_.end()) {
    check_owner(*known->second);
    return known->second;
  }

  TableRecord found = record(handle);
  if (found.state != State::published) fail(Code::not_found, "table {}: not published", handle);
  check_owner(found);
  const std::span<const std::uint8_t> signature = found.signature;
  const auto keys = members_.keys_of(found.manifest.owner);
  const bool signed_by_owner =
      signature.size() == 64 && std::ranges::any_of(keys, [&](const VerifyKey& key) {
        return key.accepts(canonical(found.manifest), signature.first<64>());
      });
  if (!signed_by_owner || handle_of(found.manifest) != handle) fail_changed(handle);
  if (is_outdated(found)) {
    fail(Code::bad_input,
         "table {}: it was uploaded before this network file was made; its owner must upload it "
         "again",
         handle);
  }
  auto made = std::make_shared<const TableRecord>(std::move(found));
  return checked_.emplace(handle, std::move(made)).first->second;
}

Bytes TableStore::seeds(const TableRecord& record, std::span<const Piece> pieces) const {
  if (pieces.empty() || pieces.front().number != seeds_number) fail_changed(record.handle);
  Bytes out(seeds_size_at(options_.identity.role));
  columns_.read(pieces.front().name, what(record.handle, seeds_number), out);
  return out;
}

Words TableStore::data(const TableRecord& record, std::span<const Piece> pieces) const {
  const auto chunks = chunks_of(pieces);
  Words words(data_bytes_at(options_.identity.role, record.manifest) / 8);
  std::span<std::uint8_t> left = bytes_of(std::span(words));
  if (chunks.size() != chunk_count(record.manifest)) fail_changed(record.handle);
  for (const Piece& chunk : chunks) {
    const std::size_t size = std::min(left.size(), chunk_bytes);
    columns_.read(chunk.name, what(record.handle, chunk.number), left.first(size));
    left = left.subspan(size);
  }
  return words;
}

/// Chunk by chunk, so that a large upload takes no memory.
bool TableStore::data_fit(const TableRecord& record, std::span<const Piece> pieces,
                          std::span<const std::uint8_t> blind) const {
  if (options_.identity.role == 0) return true;
  Hasher<32> hasher(blind.first<sizeof(Blind::Raw)>());
  for (const Piece& chunk : chunks_of(pieces)) {
    Bytes contents(chunk.bytes);
    columns_.read(chunk.name, what(record.handle, chunk.number), contents);
    hasher.add(contents);
  }
  return to_hex(hasher.finish()) == record.manifest.hashes[2];
}

TableShare TableStore::load(std::shared_ptr<const TableRecord> record) {
  const std::string handle = record->handle;
  try {
    return checked_share(std::move(record));
  } catch (const Error&) {
    if (records_.find(handle)) throw;
    fail(Code::not_found,
         "table {}: it was deleted after the run was asked for; ask again without it", handle);
  }
}

TableShare TableStore::checked_share(std::shared_ptr<const TableRecord> record) {
  const int role = options_.identity.role;
  const auto pieces = records_.pieces(record->handle);
  const Bytes sent = seeds(*record, pieces);
  const SentSeeds parts = parts_of(role, sent);
  TableShare share{.record = record, .first = {}, .second = {}, .data = data(*record, pieces)};
  const auto words = bytes_of(std::span<const std::uint64_t>(share.data));
  const bool fits = seeds_fit(record->manifest, parts) &&
                    (role == 0 || data_hash(parts.blind.first<sizeof(Blind::Raw)>(), words) ==
                                      record->manifest.hashes[2]);
  if (!fits) fail_changed(record->handle);
  if (!parts.first.empty()) share.first = key_of(parts.first);
  if (!parts.second.empty()) share.second = key_of(parts.second);
  return share;
}

}  // namespace polder
