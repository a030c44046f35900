// For tests: three nodes' stores, an owner with keys, and one small table to upload.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/testing/test_folder.h"
#include "crypto/hex.h"
#include "crypto/seal.h"
#include "crypto/sign.h"
#include "store/table_store.h"
#include "wire/component_hashes.h"

namespace polder {

/// Everything that an upload of random data consists of. More than two chunks, the last one short.
struct TestUpload {
  SigningKey owner_key{SigningKey::Seed{1}};  // one owner for all uploads
  Member owner{.name = "A",
               .sign = owner_key.verify_key().raw(),
               .seal = ReceivingKey(SigningKey::Seed{2}).seal_key(),
               .proof = {}};
  Manifest manifest;
  std::array<std::vector<std::uint8_t>, 2> seeds;
  std::vector<std::uint8_t> blind;
  std::vector<std::uint8_t> data;

  explicit TestUpload(std::uint64_t rows = 1'100'000) {
    manifest = {.name = "clients",
                .owner = "A",
                .rows = rows,
                .columns = {{.name = "key",
                             .type = "hash128",
                             .kind = ColumnSpec::Kind::bits,
                             .width = 69}},
                .data_bytes = 0,
                .hashes = {},
                .created = 1};
    manifest.data_bytes = column_bytes(manifest.columns[0], rows);
    data.resize(manifest.data_bytes);
    random_bytes(data);
    for (auto& seed : seeds) {
      seed.resize(16);
      random_bytes(seed);
    }
    blind.resize(32);
    random_bytes(blind);
    manifest.hashes = {seed_hash(0, seeds[0]), seed_hash(1, seeds[1]),
                       data_hash(std::span(blind).first<32>(), data)};
  }

  std::string handle() const { return handle_of(manifest); }
  Signature signature() const { return owner_key.sign(canonical(manifest)); }

  std::vector<std::uint8_t> seeds_for(int role) const {
    std::vector<std::uint8_t> sent = role == 1 ? seeds[1] : seeds[0];
    const std::vector<std::uint8_t>& rest = role == 0 ? seeds[1] : blind;
    sent.insert(sent.end(), rest.begin(), rest.end());
    return sent;
  }
  std::span<const std::uint8_t> chunk(std::uint64_t number) const {
    const std::size_t at = number * chunk_bytes;
    return std::span(data).subspan(at, std::min(chunk_bytes, data.size() - at));
  }
};

/// The keys of three nodes and the folders of their stores.
struct TestNodes {
  TestFolder folder;
  std::array<SigningKey, 3> keys{SigningKey::random(), SigningKey::random(), SigningKey::random()};
  StoreKey store_key = StoreKey::random();

  std::filesystem::path path(int role) const { return folder.path() / std::to_string(role); }

  NodeIdentity identity(int role) const {
    return {.network = std::string(32, '0'),
            .role = role,
            .node_keys = {keys[0].verify_key(), keys[1].verify_key(), keys[2].verify_key()},
            .sign = [this, role](std::string_view text) {
              return keys[static_cast<std::size_t>(role)].sign(text);
            }};
  }
};

/// One node's store, opened as after a start.
struct TestStore {
  Catalogue catalogue;
  Members members;
  TableStore tables;

  TestStore(const TestNodes& nodes, int role, std::uint64_t max_bytes = std::uint64_t{1} << 40,
            TableStore::Quota quota = {})
      : catalogue(made(nodes.path(role)) / "catalogue.db"),
        members(catalogue),
        tables(catalogue, members, nodes.store_key,
               {.folder = nodes.path(role) / "columns",
                .max_bytes = max_bytes,
                .identity = nodes.identity(role),
                .quota = quota}) {}

  static std::filesystem::path made(std::filesystem::path folder) {
    std::filesystem::create_directories(folder);
    return folder;
  }

  /// All up to the receipt; what is there already is not sent again.
  Receipt take(const TestUpload& upload, int role) {
    members.set({.member = upload.owner, .changed_ms = 1});
    const std::string handle = upload.handle();
    tables.begin(upload.manifest, upload.signature(), upload.owner, 1);
    tables.put_seeds(handle, upload.seeds_for(role));
    for (std::uint64_t k = 0; k < tables.chunk_count(upload.manifest); ++k) {
      tables.put_chunk(handle, k, upload.chunk(k));
    }
    return tables.finish(handle);
  }
};

/// The code of what `work` throws.
inline Code code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Code::internal;
}

/// Has all three nodes take the upload.
inline std::vector<Receipt> receipts_of(const TestNodes& nodes, const TestUpload& upload) {
  std::vector<Receipt> receipts;
  for (int role = 0; role < 3; ++role) {
    receipts.push_back(TestStore(nodes, role).take(upload, role));
  }
  return receipts;
}

inline std::vector<std::filesystem::path> column_files(const TestNodes& nodes, int role) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(nodes.path(role) / "columns")) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace polder
