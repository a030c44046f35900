#include "store/table_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "store/component_hashes.h"

namespace polder {
namespace {

using State = TableRecord::State;

constexpr std::uint64_t disk_reserve = 64 * 1024 * 1024;  // for the catalogue and the log
constexpr std::uint64_t megabyte = 1024 * 1024;
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

TableStore::TableStore(Catalogue& catalogue, const StoreKey& key, Options options)
    : options_(std::move(options)),
      records_(catalogue),
      members_(catalogue),
      columns_(options_.folder, key) {
  tidy();
}

void TableStore::tidy() {
  columns_.remove_unfinished();
  std::set<std::string> named;
  for (const Piece& piece : records_.all_pieces()) {
    named.insert(piece.name);
    if (!columns_.looks_whole(piece.name, what(piece.handle, piece.number), piece.bytes)) {
      ++damaged_;
    }
  }
  for (const std::string& name : columns_.names()) {
    if (!named.contains(name)) columns_.remove(name);
  }
}

// ---- uploading

std::uint64_t TableStore::chunk_count(const Manifest& manifest) const {
  return ceil_div(data_bytes_at(options_.identity.role, manifest), chunk_bytes);
}

void TableStore::check_space(const Manifest& manifest) {
  std::uint64_t promised = data_bytes_at(options_.identity.role, manifest);
  for (const TableRecord& table : records_.all()) {
    promised += data_bytes_at(options_.identity.role, table.manifest);
  }
  const std::uint64_t missing = promised - std::min(promised, bytes_in_use());
  if (promised > options_.max_bytes || missing + disk_reserve > columns_.bytes_free()) {
    fail(Code::busy,
         "upload: {} MB more would be needed in {}, where {} MB are free and {} MB are allowed in "
         "all; delete tables, free the disk, or raise store_mb in node.json",
         ceil_div(missing, megabyte), options_.folder.string(), columns_.bytes_free() / megabyte,
         options_.max_bytes / megabyte);
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
  check_space(manifest);
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

std::vector<std::int64_t> TableStore::have(std::string_view handle) {
  std::vector<std::int64_t> numbers;
  for (const Piece& piece : records_.pieces(handle)) numbers.push_back(piece.number);
  return numbers;
}

void TableStore::put(std::string_view handle, std::int64_t number,
                     std::span<const std::uint8_t> contents) {
  const std::lock_guard lock(files_);
  const auto known = have(handle);
  if (std::find(known.begin(), known.end(), number) != known.end()) return;
  if (record(handle).state != State::uploading) {
    fail(Code::bad_input, "upload {}: it is finished; nothing more is taken", handle);
  }
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

void TableStore::publish(std::string_view handle, std::span<const Receipt> receipts) {
  const TableRecord found = record(handle);
  if (found.state == State::published) return;
  if (found.state == State::uploading) {
    fail(Code::bad_input, "publish: node {} has no receipt given yet; finish the upload first",
         options_.identity.role);
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
  for (const Piece& piece : pieces) columns_.remove(piece.name);
}

void TableStore::remove_abandoned(std::int64_t ms) {
  for (const TableRecord& table : records_.all()) {
    if (table.state != State::published && table.started_ms < ms) remove(table.handle);
  }
}

std::vector<std::string> TableStore::remove_ended(std::int64_t ms) {
  std::vector<std::string> ended;
  for (const TableRecord& table : records_.all()) {
    const std::uint64_t until = table.manifest.serves.until;
    if (until == 0 || static_cast<std::int64_t>(until) >= ms) continue;
    remove(table.handle);
    ended.push_back(table.handle);
  }
  return ended;
}

// ---- published tables

std::vector<TableRecord> TableStore::published() {
  std::vector<TableRecord> tables = records_.all();
  std::erase_if(tables, [](const TableRecord& t) { return t.state != State::published; });
  return tables;
}

std::shared_ptr<const TableRecord> TableStore::checked(std::string_view handle) {
  const std::lock_guard lock(checked_mutex_);
  const auto known = checked_.find(handle);
  if (known != checked_.end()) return known->second;

  TableRecord found = record(handle);
  if (found.state != State::published) fail(Code::not_found, "table {}: not published", handle);
  const auto owner = members_.named(found.manifest.owner);
  const std::span<const std::uint8_t> signature = found.signature;
  const bool signed_by_owner =
      owner && signature.size() == 64 &&
      VerifyKey(owner->sign).accepts(canonical(found.manifest), signature.first<64>());
  if (!signed_by_owner || handle_of(found.manifest) != handle) fail_changed(handle);
  check_receipts(found.receipts, handle, options_.identity.network, options_.identity.node_keys);
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

std::uint64_t TableStore::bytes_in_use() {
  std::uint64_t bytes = 0;
  for (const Piece& piece : records_.all_pieces()) bytes += piece.bytes;
  return bytes;
}

}  // namespace polder
