// A table split at the source: the manifest that its owner signs, two seeds, and the one component
// that has to travel.
#pragma once

#include <optional>
#include <string>

#include "base/memory.h"
#include "client/files/party_file.h"
#include "protocol/registry.h"
#include "wire/component_hashes.h"
#include "wire/manifest.h"

namespace polder {

/// What the columns of a table for matching are called.
inline constexpr std::string_view identifier_column = "identifier";
inline constexpr std::string_view flag_column = "flagged";

/// What an owner draws for one table. It may serve one table only.
struct TableSecrets {
  Seeds seeds;
  Blind blind = Blind::random();

  static TableSecrets random() {
    return {.seeds = {.first = Key::random(), .second = Key::random()}};
  }
};

struct PreparedTable {
  Manifest manifest;
  TableSecrets secrets;
  Words data;  // component 2 of all columns, one after the other

  std::string handle() const { return handle_of(manifest); }
};

/// What an identifier column is: of hashes row by row, or of hashes in bins (match/index.h).
struct IdentifierType {
  std::string name = "hash128";
  int width = 128;
};

/// Writes into the manifest how much data there is, and the hashes of all three components.
void seal_manifest(PreparedTable& table);

struct TableHead {
  std::string name;
  std::string owner;
  TableRule serves = {};
};

/// The same file, head, secrets and time give the same table, which is what lets a broken upload go
/// on.  Throws Error bad_schema if the attribute or report has the name of another column.
PreparedTable prepare_table(const PartyFile& party, const TableHead& head, TableSecrets secrets,
                            std::uint64_t created_ms, const IdentifierType& type = {});

}  // namespace polder
